"""The closure tables against a brute-force oracle, on random organisations that are shaken."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.profile.people.models import OrgUnit, Person, org_tree, reporting_line
from shared.ids import new_id
from tests.services.profile.conftest import imported

KEYS = "abcdefgh"
moves = st.lists(
    st.lists(
        st.tuples(st.sampled_from(KEYS), st.none() | st.sampled_from(KEYS)),
        min_size=1,
        max_size=8,
        unique_by=lambda move: move[0],
    ),
    min_size=1,
    max_size=4,
)
shaken = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def closure(parents):
    """Every (descendant, ancestor, depth), by walking up from each node."""
    found = set()
    for node in parents:
        depth, above = 0, node
        while above is not None:
            assert depth <= len(parents), "a circle was let in"
            found.add((node, above, depth))
            depth, above = depth + 1, parents[above]
    return found


async def stored(session, tree):
    rows = await session.execute(select(tree.c.descendant_id, tree.c.ancestor_id, tree.c.depth))
    return {tuple(row) for row in rows}


@shaken
@given(batches=moves)
async def test_reporting_lines_equal_the_oracle_after_every_import(profile, batches):
    tenant = new_id()
    for batch in batches:
        rows = [
            {"system": "hris", "key": key, "displayName": key, "managerKey": manager}
            for key, manager in batch
        ]
        verdicts = await imported(profile, "people", rows, tenant=tenant)

        async with profile.session(tenant) as session:
            people = await session.execute(select(Person.id, Person.manager_id))
            parents = {row.id: row.manager_id for row in people}
            assert await stored(session, reporting_line) == closure(parents)
        again = await imported(profile, "people", rows, tenant=tenant)
        accepted = [v for v, w in zip(again, verdicts, strict=True) if w["status"] != "REFUSED"]
        assert {verdict["status"] for verdict in accepted} <= {"UNCHANGED"}


@shaken
@given(batches=moves)
async def test_the_tree_of_units_equals_the_oracle_after_every_import(profile, batches):
    tenant = new_id()
    for batch in batches:
        rows = [
            {"system": "hris", "key": key, "name": key, "type": "TEAM", "parentKey": parent}
            for key, parent in batch
        ]
        await imported(profile, "org-units", rows, tenant=tenant)

        async with profile.session(tenant) as session:
            units = await session.execute(select(OrgUnit.id, OrgUnit.parent_id))
            parents = {row.id: row.parent_id for row in units}
            assert await stored(session, org_tree) == closure(parents)


@shaken
@given(batches=moves)
async def test_single_moves_equal_the_oracle_too(profile, batches):
    tenant = new_id()
    hris = profile.integration("people:write", tenant=tenant)
    rows = [{"system": "hris", "key": key, "displayName": key} for key in KEYS]
    ids = {v["key"]: v["id"] for v in await imported(profile, "people", rows, tenant=tenant)}
    parents = dict.fromkeys(ids.values())

    for key, manager in (move for batch in batches for move in batch):
        wanted = parents | {ids[key]: ids[manager] if manager else None}
        above, circular = wanted[ids[key]], False
        while above is not None and not circular:
            circular, above = above == ids[key], wanted[above]
        response = await profile.client.post(
            f"/people/{ids[key]}/assignments",
            json={"managerId": ids[manager] if manager else None},
            headers=hris,
        )
        assert response.status_code == (409 if circular else 201)
        parents = parents if circular else wanted

    async with profile.session(tenant) as session:
        rows = await stored(session, reporting_line)
    assert {(str(a), str(b), depth) for a, b, depth in rows} == closure(parents)
