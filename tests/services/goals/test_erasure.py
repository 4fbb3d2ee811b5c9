"""Goals' part of an erasure: goals, learning and levels of the person go, the others' stay."""

from sqlalchemy import text

from shared.ids import new_id
from tests.services.goals.test_goals import act


async def rows(world, statement):
    async with world.harness.session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def erase(world, name):
    await world.harness.deliver(
        "waymark.profile.erasure.ordered.v1",
        subject=world.ids[name],
        sequence=1_000,
        payload={
            "erasureId": str(new_id()),
            "person": {"personId": str(world.ids[name]), "texts": [], "identifiers": []},
        },
    )


async def test_the_persons_goals_go_and_the_facts_of_them(world, smart_goal):
    goal = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    kept = (await world.call("manager", "POST", "/goals", smart_goal)).json()
    for who, each in (("employee", goal), ("manager", kept)):
        answer = await act(world, who, each, "activate")
        assert answer.status_code == 200, answer.text

    await erase(world, "employee")

    assert [str(row[0]) for row in await rows(world, "SELECT id FROM goals_goal")] == [kept["id"]]
    told = {fact["subject"] for fact in await world.harness.published()}
    assert goal["id"] not in told
    assert kept["id"] in told
    person = f"id = '{world.ids['employee']}'"
    found = await rows(
        world, f"SELECT display_name, subject, work_email, status FROM people_person WHERE {person}"
    )
    assert found == [("Erased person", None, None, "TERMINATED")]
    of_person = f"person_id = '{world.ids['employee']}'"
    for table in ("people_person_identifier", "people_skill_level", "learning_record"):
        assert await rows(world, f"SELECT 1 FROM {table} WHERE {of_person}") == []
    assert (await world.call("employee", "GET", "/goals")).json() == []
    assert (await world.call("manager", "GET", f"/goals/{kept['id']}")).status_code == 200
