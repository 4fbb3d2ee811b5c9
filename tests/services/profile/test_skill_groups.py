"""A skill that has others below it: its level by these, in one statement, recomputed from its parts."""

from uuid import UUID

import pytest

from services.profile.skills.rolling_up import Part, rolled_up
from services.profile.skills.rules import RollUp
from tests.services.profile.conftest import FRAMEWORK, imported, skill

TREE = (
    skill("craft"),
    skill("code", parentCode="craft", weight=3),
    skill("python", parentCode="code", weight=2),
    skill("rust", parentCode="code"),
    skill("cobol", parentCode="code"),
    skill("test", parentCode="craft"),
)


@pytest.fixture
async def tree(profile, here, request):
    rule = getattr(request, "param", "MEAN")
    await imported(profile, "frameworks", [FRAMEWORK | {"rollUp": rule}])
    verdicts = await imported(profile, "skills", TREE)
    return {each["key"]: each["id"] for each in verdicts}


@pytest.fixture
def rate(profile, here, tree):
    async def rate(code, level, by="lead", of="dev"):
        body = {
            "personId": here.people[of],
            "skillId": tree[code],
            "source": "MANAGER",
            "level": level,
        }
        answer = await profile.client.post("/skills/assertions", json=body, headers=here.as_(by))
        assert answer.status_code == 201, answer.text

    return rate


@pytest.fixture
def groups(profile, here, tree):
    names = {skill_id: code for code, skill_id in tree.items()}

    async def groups(viewer="dev", of="dev"):
        answer = await profile.client.get(
            "/skills/groups", params={"personId": here.people[of]}, headers=here.as_(viewer)
        )
        return {names[each["skillId"]]: each for each in answer.json()}

    return groups


def shares(group):
    return sorted((round(part["share"], 6), part["level"]) for part in group["parts"])


@pytest.mark.parametrize(
    ("tree", "code", "craft", "unassessed"),
    [
        ("MEAN", 3.0, 4.0, (0.333333333, 0.166666667)),
        ("WEIGHTED", 3.333333333, 3.75, (0.25, 0.1875)),
        ("MIN", 2.0, 2.0, (0.333333333, 0.166666667)),
    ],
    indirect=["tree"],
)
async def test_a_level_rises_through_the_tree_by_the_rule(
    rate, groups, tree, code, craft, unassessed
):
    await rate("python", 4)
    await rate("rust", 2)
    await rate("test", 5)

    found = await groups()

    assert found.keys() == {"code", "craft"}
    assert (found["code"]["level"], found["craft"]["level"]) == (code, craft)
    assert (found["code"]["unassessedShare"], found["craft"]["unassessedShare"]) == unassessed
    for each in found.values():
        parts = [
            Part(UUID(part["skillId"]), part["share"], part["level"], part["half"])
            for part in each["parts"]
        ]
        again = rolled_up(parts, RollUp(each["rollUp"]))
        assert (each["level"], each["intervalLow"], each["intervalHigh"]) == (
            again.level,
            again.interval_low,
            again.interval_high,
        )


async def test_a_level_of_its_own_stands_for_what_lies_below(rate, groups):
    await rate("python", 4)
    await rate("code", 1)
    await rate("test", 5)

    found = await groups()

    assert (found["code"]["level"], found["craft"]["level"]) == (4.0, 3.0)
    assert shares(found["craft"]) == [(0.5, 1.0), (0.5, 5.0)]
    assert found["craft"]["unassessedShare"] == 0.0


async def test_who_may_not_see_levels_sees_no_groups(rate, groups):
    await rate("python", 4)

    assert (await groups("head")).keys() == {"code", "craft"}
    assert await groups("peer") == await groups("admin") == {}
    assert await groups("lead", of="peer") == {}
