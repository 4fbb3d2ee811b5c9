"""Another tenant's ids are nobody's ids: the same 404, byte for byte, as an id that never was."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.goals.models import Base
from shared.ids import new_id

READS = (
    "/goals/{goal}",
    "/roles/{role}",
    "/learning/resources/{course}",
    "/gaps?personId={person}",
)
WRITES: tuple[tuple[str, str, Any], ...] = (
    ("PATCH", "/goals/{goal}", {"priority": 1}),
    ("POST", "/goals/{goal}/propose", None),
    ("POST", "/goals/{goal}/activate", None),
    ("POST", "/goals/{goal}/progress", {"value": 1}),
    ("POST", "/goals/{goal}/hold", None),
    ("POST", "/goals/{goal}/resume", None),
    ("POST", "/goals/{goal}/close", {"outcome": "ACHIEVED", "rating": 5}),
    ("POST", "/goals/{goal}/cancel", {"reason": "because"}),
    ("POST", "/goals/{goal}/archive", None),
    ("POST", "/goals/{goal}/milestones", {"title": "Plan"}),
    ("PATCH", "/goals/milestones/{milestone}", {"title": "Plan"}),
    ("POST", "/goals/milestones/{milestone}/start", None),
    ("POST", "/goals/milestones/{milestone}/complete", None),
    ("POST", "/goals/milestones/{milestone}/cancel", None),
    ("PUT", "/roles/{role}", {"family": "F", "title": "T"}),
    ("POST", "/learning/records/{record}/start", None),
    ("POST", "/learning/records/{record}/complete", None),
    ("POST", "/learning/records/{record}/fail", None),
    ("POST", "/learning/records/{record}/withdraw", None),
)
VIEWS = (
    "goals",
    "milestones",
    "roles",
    "role_families",
    "gaps",
    "learning_resources",
    "learning_records",
)


@pytest.fixture
async def theirs(elsewhere: Any, smart_goal: dict[str, Any]) -> dict[str, str]:
    """One of everything in the other tenant."""
    course = await elsewhere.course("c1")
    role = await elsewhere.role("r1", {new_id(): 2.5})
    await elsewhere.person("employee", roleId=role)
    goal = (await elsewhere.call("employee", "POST", "/goals", smart_goal)).json()
    path = f"/goals/{goal['id']}/milestones"
    milestone = (await elsewhere.call("employee", "POST", path, {"title": "Plan"})).json()
    record = (
        await elsewhere.call("employee", "POST", "/learning/records", {"resourceId": str(course)})
    ).json()
    return {
        "course": str(course),
        "role": str(role),
        "goal": goal["id"],
        "milestone": milestone["id"],
        "record": record["id"],
        "person": str(elsewhere.ids["employee"]),
    }


async def answers(
    world: Any, method: str, path: str, body: Any, ids: dict[str, str]
) -> tuple[int, bytes]:
    version = 1 if method in ("PATCH", "PUT") else None
    response = await world.call("partner", method, path.format(**ids), body, version=version)
    return response.status_code, response.content


@pytest.mark.parametrize(
    ("method", "path", "body"), [*(("GET", path, None) for path in READS), *WRITES]
)
async def test_an_id_of_another_tenant_is_an_id_that_never_was(
    world: Any, theirs: dict[str, str], method: str, path: str, body: Any
):
    never = {name: str(new_id()) for name in theirs}

    other = await answers(world, method, path, body, theirs)

    assert other[0] == 404
    assert other == await answers(world, method, path, body, never)


async def test_links_to_another_tenant_are_refused_like_unknown_ones(
    world: Any, theirs: dict[str, str], smart_goal: dict[str, Any]
):
    for member, name in (("parentGoalId", "goal"), ("learningResourceId", "course")):
        told = []
        for target in (theirs[name], str(new_id())):
            response = await world.call(
                "employee", "POST", "/goals", {**smart_goal, member: target}
            )
            told.append((response.status_code, response.content))
        assert told[0] == told[1]
        assert told[0][0] == 422


@pytest.mark.parametrize("view", VIEWS)
async def test_a_view_shows_nothing_of_another_tenant(
    world: Any, theirs: dict[str, str], view: str
):
    keys = [UUID(each) for each in theirs.values()]
    by = "person" if view == "gaps" else "id"
    field = "readiness" if view == "gaps" else "id"

    found = await world.ask(
        "partner", view, {"by": by, "select": [{"as": "f", "field": field}]}, [], keys
    )

    assert found == {}


async def test_lists_show_nothing_of_another_tenant(world: Any, theirs: dict[str, str]):
    for path in ("/goals", "/roles", "/roles/families", "/learning/resources", "/learning/records"):
        assert (await world.call("partner", "GET", path)).json() == [], path
    ranking = await world.call("partner", "GET", f"/gaps/ranking?roleId={theirs['role']}")
    assert ranking.json() == []


async def test_without_a_tenant_no_table_shows_a_row(world: Any, theirs: dict[str, str]):
    async with world.harness.session(world.tenant_id) as session:
        await session.execute(text("SELECT set_config('app.tenant', '', true)"))
        shown = {
            name: await session.scalar(text(f"SELECT count(*) FROM {name}"))
            for name in Base.metadata.tables
        }
        await session.execute(
            text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": str(world.tenant_id)}
        )

    assert shown == dict.fromkeys(Base.metadata.tables, 0)


async def test_row_level_security_is_forced_on_every_table(world: Any):
    async with world.harness.session(world.tenant_id) as session:
        unprotected = await session.scalars(
            text(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE nspname = 'public' AND relkind IN ('r', 'p') "
                "AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> 'alembic_version'"
            )
        )
        assert list(unprotected) == []
