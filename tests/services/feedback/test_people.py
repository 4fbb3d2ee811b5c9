"""The copy of people: the newest snapshot wins, circles wait, a replay makes the same rows."""

from sqlalchemy import text

from services.feedback.people.events import reset
from shared.events.inbox import forget


async def rows(org, table):
    async with org.harness.session() as session:
        found = await session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2, 3"))
        return [tuple(row) for row in found]


async def chain(org, name):
    """The names above a person, nearest first."""
    names = {person_id: name for name, person_id in org.ids.items()}
    found = [
        (row[3], names[row[2]])
        for row in await rows(org, "people_reporting")
        if row[1] == org.ids[name] and row[3]
    ]
    return [name for _, name in sorted(found)]


async def test_the_chain_above_everybody_is_known(org):
    assert await chain(org, "ada") == ["maya", "sam"]

    await org.person("maya")

    assert await chain(org, "ada") == ["maya"]


async def test_a_report_may_arrive_before_its_manager(org):
    org.ids["late"] = org.harness.tenant_id

    await org.person("early", manager="late")
    await org.person("late", manager="sam")

    assert await chain(org, "early") == ["late", "sam"]


async def test_two_moves_that_form_a_circle_in_between_end_as_profile_has_them(org):
    """ada moves above maya: told first that maya is under ada, then that ada is under sam."""
    await org.person("maya", manager="ada")
    assert await chain(org, "maya") == []

    await org.person("ada", manager="sam")

    assert await chain(org, "maya") == ["ada", "sam"]
    assert await chain(org, "cole") == ["maya", "ada", "sam"]


async def test_an_older_snapshot_changes_nothing(org):
    before = await rows(org, "people_person")
    newest, org.sequence = org.sequence, 0

    await org.person("ada", manager="sam")

    assert await rows(org, "people_person") == before
    org.sequence = newest


async def test_a_replay_makes_the_same_rows(org):
    """What `rebuild` does, with the snapshots told once more."""
    tables = ("people_person", "people_org_unit", "people_reporting", "people_unit_tree")
    before = [await rows(org, table) for table in tables]
    group = org.harness.service.blueprint.handlers.groups["people"]
    async with org.harness.session() as session:
        await forget(session, group, org.harness.tenant_id)
        await reset(session)
    assert [await rows(org, table) for table in tables] == [[], [], [], []]

    await org.person("ada", manager="maya")
    await org.person("cole", manager="maya")
    for name, parent in (("team", "company"), ("sales", "company"), ("company", None)):
        await org.unit(name, parent)
    await org.person("hana", unit="company", grants=(("HR_PARTNER", "team"),))
    await org.person("olga", unit="company", grants=(("HR_PARTNER", "sales"),))
    await org.person("root", unit="company", grants=(("ADMIN", None),))
    await org.person("maya", manager="sam")
    await org.person("sam")

    assert [await rows(org, table) for table in tables] == before


async def test_every_table_forces_row_level_security(feedback):
    async with feedback.session() as session:
        open_tables = await session.execute(
            text(
                "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = 'public' AND relkind IN ('r', 'p') "
                "AND NOT (relrowsecurity AND relforcerowsecurity)"
            )
        )
        assert list(open_tables.scalars()) == ["alembic_version"]
