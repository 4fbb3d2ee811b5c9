"""A framework was replaced: roles follow by exact matches, HR reads what is left, earlier days stay as they were."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.goals.crosswalks import repointing
from shared.ids import new_id
from tests.services.goals.replacing import MAPPING, NEW, OLD, REPLACED, Replaced


@pytest.fixture
async def house(world: Any) -> Any:
    for name in (*OLD, *NEW):
        world.ids[name] = new_id()
    await world.person("seer", grants=[{"role": "HR_PARTNER", "orgUnitId": None}])
    return world


async def _role(world: Any, code: str, *skills: str) -> UUID:
    asked = {world.ids[name]: (2.5, 4, True) for name in skills}
    world.ids[code] = await world.role(code, asked, experience=[{"type": "WORK", "minMonths": 6}])
    role: UUID = world.ids[code]
    return role


async def _asks(world: Any, code: str) -> tuple[int, set[str]]:
    role = (await world.call("seer", "GET", f"/roles/{world.ids[code]}")).json()
    words = {str(value): name for name, value in world.ids.items()}
    assert all(
        (each["requiredLevel"], each["importance"], each["mandatory"]) == (2.5, 4, True)
        for each in role["requirements"]
    )
    assert role["experience"][0]["minMonths"] == 6
    return role["version"], {words[each["skillId"]] for each in role["requirements"]}


async def test_roles_follow_exact_matches_and_the_rest_is_reported(house: Any):
    await _role(house, "dev", "python", "java", "gone")
    await _role(house, "lead", "java", "kotlin", "split", "part")
    await _role(house, "cook", "py")
    replaced = Replaced(house, MAPPING)

    await replaced.tell()
    await replaced.follow()

    assert await _asks(house, "dev") == (2, {"py", "jvm", "gone"})
    assert await _asks(house, "lead") == (1, {"java", "kotlin", "split", "part"})
    assert await _asks(house, "cook") == (1, {"py"})
    assert await replaced.outcomes() == {
        ("dev", "python"): "MOVED",
        ("dev", "java"): "MOVED",
        ("dev", "gone"): "UNRELATED",
        ("lead", "java"): "COLLIDES",
        ("lead", "kotlin"): "COLLIDES",
        ("lead", "split"): "AMBIGUOUS",
        ("lead", "part"): "ONLY_NEAR",
    }
    report = await replaced.report()
    assert (report["state"], report["fromKey"], report["toKey"]) == ("DONE", "house", "world")
    assert {
        each["outcome"]: (each["requirements"], each["roles"]) for each in report["counts"]
    } == {
        "MOVED": (2, 1),
        "UNRELATED": (1, 1),
        "COLLIDES": (2, 1),
        "AMBIGUOUS": (1, 1),
        "ONLY_NEAR": (1, 1),
    }


async def test_the_new_version_says_where_it_comes_from_and_others_hear_of_it(house: Any):
    role = await _role(house, "dev", "python")
    replaced = Replaced(house, MAPPING)

    await replaced.tell()
    await replaced.follow()

    async with house.harness.session() as session:
        rows = await session.execute(
            text("SELECT number, published_by, provenance FROM roles_version ORDER BY number")
        )
        first, second = rows.all()
    assert first.provenance is None
    assert (second.number, second.published_by) == (2, "goals.crosswalks")
    assert second.provenance == {
        "crosswalkId": str(replaced.id),
        "moved": [{"fromSkillId": str(house.ids["python"]), "toSkillId": str(house.ids["py"])}],
    }
    told = await house.published("waymark.goals.role.published.v1")
    assert [(each["subject"], each["sequence"]) for each in told] == [
        (str(role), 1),
        (str(role), 2),
    ]


async def test_a_gap_of_an_earlier_day_is_what_it_was(house: Any, today: date):
    role = await _role(house, "dev", "python")
    async with house.harness.session() as session:
        at = datetime.combine(today - timedelta(days=90), time(9), UTC)
        await session.execute(text("UPDATE roles_version SET valid_from = :at"), {"at": at})
    await house.person("employee", roleId=role)
    long_ago = str(today - timedelta(days=60))
    await house.estimate("employee", house.ids["python"], 1.0, asOf=long_ago)
    path = f"/gaps?asOf={today - timedelta(days=1)}"
    before = (await house.call("employee", "GET", path)).json()
    replaced = Replaced(house, MAPPING)
    await replaced.tell()
    await replaced.follow()
    await house.estimate("employee", house.ids["py"], 1.0)

    then = (await house.call("employee", "GET", path)).json()
    now = (await house.call("employee", "GET", "/gaps")).json()

    assert then == before
    assert (then["roleVersion"], now["roleVersion"]) == (1, 2)
    assert [each["skillId"] for each in then["items"]] == [str(house.ids["python"])]
    assert [each["skillId"] for each in now["items"]] == [str(house.ids["py"])]


async def test_a_second_run_changes_nothing_nor_what_somebody_turned_back(house: Any):
    await _role(house, "dev", "python", "java")
    replaced = Replaced(house, MAPPING)
    await replaced.tell()
    await replaced.follow()
    await _role(house, "dev", "python", "jvm")
    before = await replaced.outcomes(), len(await house.harness.published())

    await replaced.tell()
    async with house.harness.session() as session:
        await session.execute(text("UPDATE crosswalks_crosswalk SET state = 'RUNNING'"))
    await replaced.follow()

    assert await _asks(house, "dev") == (3, {"python", "jvm"})
    assert (await replaced.outcomes(), len(await house.harness.published())) == before


async def test_parts_arrive_in_any_order_and_nothing_moves_before_the_last(house: Any):
    await _role(house, "dev", "python", "java", "gone")
    replaced = Replaced(house, MAPPING)

    await replaced.tell(3, 1, parts=3)
    await replaced.follow()
    early = (await _asks(house, "dev"), (await replaced.report())["state"])
    await replaced.tell(2, 3, parts=3)
    await replaced.follow()

    assert early == ((1, {"python", "java", "gone"}), "WAITING")
    assert await _asks(house, "dev") == (2, {"py", "jvm", "gone"})
    assert (await replaced.report())["state"] == "DONE"


@pytest.mark.parametrize("later_first", [False, True])
async def test_a_framework_that_was_replaced_twice_is_followed_to_the_last(
    house: Any, later_first: bool
):
    await _role(house, "dev", "python")
    first, second = Replaced(house, MAPPING), Replaced(house, {"py": [("whole", REPLACED)]})
    second.from_id = first.to_id

    for each in (second, first) if later_first else (first, second):
        await each.tell()
        await each.follow()
    for each in (first, second):
        await each.follow()

    assert await _asks(house, "dev") == (3, {"whole"})
    assert {(await each.report())["state"] for each in (first, second)} == {"DONE"}


async def test_many_roles_follow_some_a_transaction(house: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(repointing, "MOST_AT_ONCE", 2)
    for number in range(5):
        await _role(house, f"dev{number}", "python")
    replaced = Replaced(house, MAPPING)

    await replaced.tell()
    await replaced.follow()

    assert {(await _asks(house, f"dev{number}"))[0] for number in range(5)} == {2}


@pytest.mark.parametrize(
    ("who", "status"), [("seer", 200), ("admin", 200), ("manager", 403), ("employee", 403)]
)
async def test_hr_and_administrators_read_it(house: Any, who: str, status: int):
    replaced = Replaced(house, MAPPING)
    await replaced.tell()

    for path in ("", f"/{replaced.id}", f"/{replaced.id}/requirements"):
        assert (await house.call(who, "GET", f"/crosswalks{path}")).status_code == status


async def test_the_view_shows_the_same_to_the_same(house: Any):
    await _role(house, "dev", "python", "gone")
    replaced = Replaced(house, MAPPING)
    await replaced.tell()
    await replaced.follow()
    names = [
        {"as": name, "field": name} for name in ("outcome", "skillId", "targetId", "toVersion")
    ]
    nodes = [{"as": "nodes", "field": "nodes", "select": names}]
    requirements = {
        "as": "requirements",
        "field": "requirements",
        "shape": "connection",
        "with": {"outcomes": 0},
        "select": nodes,
    }
    ask = {
        "by": "all",
        "shape": "connection",
        "select": [
            {
                "as": "nodes",
                "field": "nodes",
                "select": [{"as": "state", "field": "state"}, requirements],
            }
        ],
    }

    seen = await house.ask("seer", "crosswalks", ask, [["MOVED"]], [])
    unseen = await house.ask("employee", "crosswalks", ask, [["MOVED"]], [])

    ids = house.ids
    moved = {"outcome": "MOVED", "skillId": str(ids["python"]), "targetId": str(ids["py"])}
    assert seen[""]["nodes"] == [
        {"state": "DONE", "requirements": {"nodes": [{**moved, "toVersion": 2}]}}
    ]
    assert unseen[""]["nodes"] == []
