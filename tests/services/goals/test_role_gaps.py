"""From role to role: by hand, over the whole of GDaD, and what is refused."""

from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from deploy.importers import gdad
from deploy.importers.rows import ReadOptions, Row
from services.goals.gaps import between
from services.goals.gaps.queries import EVERYBODY_SECONDS
from shared.db import be_patient
from shared.ids import new_id
from tests.services.goals.recomputing import nine
from tests.services.goals.test_views import fields, record

NO_STATISTICS = text("SET LOCAL enable_nestloop = off")
"""Of rows that are not committed PostgreSQL knows nothing: it may take four thousand of them for one."""

S1, S2, S3, S4 = sorted(new_id() for _ in range(4))


@pytest.fixture
async def ready(world: Any) -> Any:
    world.ids["junior"] = await world.role("junior", {S1: 2.5, S2: (5.0, 5, False)})
    world.ids["senior"] = await world.role(
        "senior", {S1: (3.75, 4, True), S2: (2.5, 2, False), S3: (1.25, 1, False), S4: 0.0}
    )
    world.ids["idle"] = await world.role("idle", {})
    return world


def path(world: Any, first: str, second: str) -> str:
    return f"/gaps/roles?fromRoleId={world.ids[first]}&toRoleId={world.ids[second]}"


async def test_what_the_second_role_asks_beyond_the_first(ready: Any):
    gap = (await ready.call("employee", "GET", path(ready, "junior", "senior"))).json()

    assert [
        (each["skillId"], each["status"], each["asIs"], each["required"], each["gap"])
        for each in gap["items"]
    ] == [
        (str(S1), "GAP", 2.5, 3.75, 1.25),
        (str(S3), "NEW", None, 1.25, 1.25),
        (str(S4), "MET", None, 0.0, 0.0),
        (str(S2), "EXCEEDS", 5.0, 2.5, 0.0),
    ]
    # 1 - (4·1.25 + 1·1.25) / (4·3.75 + 2·2.5 + 1·1.25)
    assert gap["fit"] == nine(1 - 6.25 / 21.25) == 0.705882353
    assert (gap["requiredCount"], gap["gapCount"], gap["newCount"], gap["missing"]) == (
        4,
        1,
        1,
        2.5,
    )


async def test_a_role_fits_itself_and_one_that_asks_for_nothing(ready: Any):
    itself = (await ready.call("employee", "GET", path(ready, "senior", "senior"))).json()
    idle = (await ready.call("employee", "GET", path(ready, "senior", "idle"))).json()

    assert (itself["fit"], itself["missing"]) == (1.0, 0.0)
    assert (idle["fit"], idle["requiredCount"], idle["items"]) == (1.0, 0, [])


async def test_a_role_that_nobody_knows_is_not_found(ready: Any):
    ready.ids["nobody's"] = new_id()

    answers = [
        await ready.call("employee", "GET", path(ready, *pair))
        for pair in (("nobody's", "senior"), ("senior", "nobody's"))
    ]

    assert [each.status_code for each in answers] == [404, 404]


async def test_the_nearest_roles_come_first(ready: Any):
    near = await ready.role("near", {S1: 2.5})

    found = (
        await ready.call("employee", "GET", f"/gaps/roles/nearest?roleId={ready.ids['junior']}")
    ).json()

    assert [(each["toRoleId"], each["fit"]) for each in found] == [
        (str(near), 1.0),
        (str(ready.ids["senior"]), 0.705882353),
    ]


async def test_the_view_shows_the_gap_to_each_role_asked_for(ready: Any):
    ask = {
        "by": "id",
        "with": {"fromRoleId": 0},
        "select": [
            *fields("fit", items=fields("skillId", "gap")),
            record("fromRole", fields("code")),
        ],
    }
    junior, senior = str(ready.ids["junior"]), ready.ids["senior"]

    shown = await ready.ask("employee", "role_gaps", ask, [junior], [senior])
    without = await ready.ask("employee", "role_gaps", ask, [None], [senior])

    assert (shown[str(senior)]["fit"], shown[str(senior)]["fromRole"]) == (
        0.705882353,
        {"code": "junior"},
    )
    assert without == {}


@pytest.fixture
async def profession(world: Any, data: Path) -> dict[str, dict[UUID, float]]:
    """GDaD in the database: code → skill → required level; roles that are not in use are not there."""
    rows = [each for each in gdad.read(data / "gdad", ReadOptions()) if isinstance(each, Row)]
    skills: dict[str, UUID] = {}
    roles = [each.fields for each in rows if each.kind == "roles"]
    wanted: dict[str, dict[UUID, float]] = {}
    sent = []
    for role in roles:
        required = []
        for each in role["requirements"]:
            skill = skills.setdefault(each["skillCode"], new_id())
            rest = {name: value for name, value in each.items() if name != "skillCode"}
            required.append({**rest, "skillId": skill})
        wanted[role["code"]] = {each["skillId"]: each["requiredLevel"] for each in required}
        sent.append({**role, "requirements": required})
    for verdict in await world.import_rows("roles", sent, scope="roles:write"):
        assert verdict["status"] == "CREATED", verdict
        world.ids[verdict["key"]] = UUID(verdict["id"])
    world.ids["Systems design"] = skills["systems-design"]
    return wanted


async def test_developer_to_senior_developer_is_four_steps(world: Any, profession: Any):
    first, second = "software-developer/developer", "software-developer/senior-developer"

    gap = (await world.call("employee", "GET", path(world, first, second))).json()

    steps = [each for each in gap["items"] if each["gap"] > 0]
    assert [(each["gap"], each["status"]) for each in steps] == [(1.25, "GAP")] * 4
    assert (gap["gapCount"], gap["newCount"], gap["missing"]) == (4, 0, 5.0)
    assert str(world.ids["Systems design"]) in {each["skillId"] for each in steps}


async def test_every_role_of_the_profession_against_every_other(world: Any, profession: Any):
    gap = between.summaries(between.pairs())
    async with world.harness.session() as session:
        await be_patient(session, seconds=EVERYBODY_SECONDS)
        await session.execute(NO_STATISTICS)
        rows = (await session.execute(select(*(gap.c[name] for name in between.SUMMARY)))).all()

    codes = {world.ids[code]: code for code in profession}
    found = {
        (codes[row.from_role_id], codes[row.to_role_id]): (row.fit, row.missing, row.gap_count)
        for row in rows
    }
    assert len(found) == len(profession) * (len(profession) - 1)
    assert found == {
        (one, other): _by_hand(profession[one], profession[other])
        for one, other in permutations(profession, 2)
    }


def _by_hand(had: dict[UUID, float], needed: dict[UUID, float]) -> tuple[float, float, int]:
    """All of GDaD weighs 3."""
    demanded = lacking = missing = 0.0
    steps = 0
    for skill in sorted(needed):
        gap = nine(max(0.0, needed[skill] - had.get(skill, 0.0)))
        demanded += 3.0 * needed[skill]
        lacking += 3.0 * gap
        missing += gap
        steps += gap > 0 and skill in had
    return (nine(1.0 - lacking / demanded) if demanded else 1.0), nine(missing), steps
