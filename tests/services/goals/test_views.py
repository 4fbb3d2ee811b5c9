"""What the gateway reads: records by key, lists by person, and gaps computed in the statement that asks."""

import base64
from datetime import date, timedelta
from typing import Any

from shared.ids import new_id


def fields(*names: str, **nested: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A selection: plain fields, and lists of objects by keyword."""
    plain: list[dict[str, Any]] = [{"as": name, "field": name} for name in names]
    return plain + [
        {"as": name, "field": name, "shape": "list", "select": inner}
        for name, inner in nested.items()
    ]


def record(name: str, inner: list[dict[str, Any]]) -> dict[str, Any]:
    return {"as": name, "field": name, "select": inner}


def encoded(noun: str, key: Any) -> str:
    return base64.b64encode(f"{noun}:{key}".encode()).decode()


async def test_a_goal_shows_its_smart_parts_its_milestones_and_its_log(
    world: Any, smart_goal: dict[str, Any]
):
    course = await world.course("c1")
    goal = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    await world.call("employee", "POST", f"/goals/{goal['id']}/activate")
    await world.call("employee", "POST", f"/goals/{goal['id']}/progress", {"value": 1})
    await world.call(
        "employee",
        "POST",
        f"/goals/{goal['id']}/milestones",
        {"title": "Course", "learningResourceId": str(course)},
    )
    measure = record("smart", [record("measure", fields("metric", "target", "current"))])
    select = [
        *fields("id", "state", "dueDate", "smartPasses"),
        measure,
        *fields(
            smartVerdict=fields("letter", "passed"),
            milestones=[*fields("title"), record("learningResource", fields("code"))],
            updates=fields("progress", "source"),
        ),
    ]

    shown = await world.ask("manager", "goals", {"by": "id", "select": select}, [], [goal["id"]])

    assert shown[goal["id"]] == {
        "id": encoded("Goal", goal["id"]),
        "state": "ACTIVE",
        "dueDate": "2099-12-31",
        "smartPasses": True,
        "smart": {"measure": {"metric": "Practice exams passed", "target": 4, "current": 1}},
        "smartVerdict": [{"letter": letter, "passed": True} for letter in "SMART"],
        "milestones": [{"title": "Course", "learningResource": {"code": "c1"}}],
        "updates": [{"progress": 0.25, "source": "MANUAL"}],
    }


async def test_goals_of_many_people_come_in_one_answer_filtered_by_state(
    world: Any, smart_goal: dict[str, Any]
):
    for who, priority in (("employee", 2), ("employee", 1), ("colleague", 3)):
        goal = (
            await world.call(who, "POST", "/goals", {**smart_goal, "priority": priority})
        ).json()
        verb = "propose" if priority == 2 else "activate"
        await world.call(who, "POST", f"/goals/{goal['id']}/{verb}")
    keys = [world.ids[name] for name in ("employee", "colleague", "outsider")]
    ask = {
        "by": "person",
        "shape": "connection",
        "with": {"states": 0},
        "select": [
            {"as": "totalCount", "field": "totalCount"},
            {"as": "nodes", "field": "nodes", "select": fields("priority")},
        ],
    }

    every = await world.ask("manager", "goals", ask, [None], keys)
    active = await world.ask("manager", "goals", ask, [["ACTIVE"]], keys)

    employee, colleague, outsider = map(str, keys)
    assert every[employee] == {"totalCount": 2, "nodes": [{"priority": 1}, {"priority": 2}]}
    assert active[employee] == {"totalCount": 1, "nodes": [{"priority": 1}]}
    assert active[colleague] == {"totalCount": 1, "nodes": [{"priority": 3}]}
    assert active[outsider] == {"totalCount": 0, "nodes": []}


async def test_a_role_shows_what_it_requires_weightiest_first(world: Any):
    light, heavy = new_id(), new_id()
    role = await world.role(
        "dev",
        {light: (2.5, 1, False), heavy: (3.75, 5, True)},
        experience=[{"type": "Leading", "minMonths": 12}],
        credentials=[{"name": "PMP", "mandatory": True}],
    )
    select = [
        *fields("title", "version"),
        record("family", fields("name")),
        *fields(
            requirements=fields("skillId", "requiredLevel", "mandatory"),
            experience=fields("type", "minMonths", "minTeamSize"),
            credentials=fields("name", "issuer"),
        ),
    ]

    shown = await world.ask("employee", "roles", {"by": "id", "select": select}, [], [role])

    assert shown[str(role)] == {
        "title": "dev",
        "version": 1,
        "family": {"name": "Making"},
        "requirements": [
            {"skillId": str(heavy), "requiredLevel": 3.75, "mandatory": True},
            {"skillId": str(light), "requiredLevel": 2.5, "mandatory": False},
        ],
        "experience": [{"type": "Leading", "minMonths": 12, "minTeamSize": None}],
        "credentials": [{"name": "PMP", "issuer": None}],
    }


async def test_roles_are_found_by_words_family_and_catalogue(world: Any):
    await world.role("dev", {}, title="Developer")
    await world.role("ana", {}, title="Analyst", family="Thinking")
    await world.role("pct", {}, title="100% remote", catalogue="other")
    ask = {
        "by": "all",
        "shape": "list",
        "with": {"search": 0, "family": 1, "catalogue": 2},
        "select": fields("code"),
    }

    found = [
        [each["code"] for each in (await world.ask("employee", "roles", ask, values, []))[""]]
        for values in (
            [None, None, None],
            ["DEVEL", None, None],
            ["%", None, None],
            [None, "Thinking", None],
            [None, None, "other"],
        )
    ]

    assert found == [["pct", "ana", "dev"], ["dev"], ["pct"], ["ana"], ["pct"]]


async def test_gaps_of_many_people_are_computed_in_one_answer(world: Any, today: date):
    skill = new_id()
    role = await world.role("dev", {skill: (5.0, 2, True)})
    target = await world.role("arch", {skill: (4.0, 2, True)})
    for name, level in (("employee", 2.5), ("colleague", 5.0)):
        await world.person(name, roleId=role)
        await world.estimate(name, skill, level)
    keys = [world.ids[name] for name in ("employee", "colleague", "outsider")]
    select = [
        *fields("readiness", "targetType", "asOf"),
        record("role", fields("code")),
        *fields(
            items=[*fields("skillId", "gap"), record("trace", [record("decay", fields("days"))])]
        ),
    ]
    ask = {"by": "person", "with": {"roleId": 0, "asOf": 1}, "select": select}
    employee, colleague, _outsider = map(str, keys)

    own = await world.ask("manager", "gaps", ask, [None, None], keys)
    aimed = await world.ask("manager", "gaps", ask, [str(target), None], keys)
    by_partner = await world.ask("partner", "gaps", ask, [str(target), None], keys)
    past = await world.ask(
        "manager", "gaps", ask, [None, (today - timedelta(days=2)).isoformat()], keys
    )

    assert own.keys() == {employee, colleague}
    assert own[employee] == {
        "readiness": 0.5,
        "targetType": "CURRENT_ROLE",
        "asOf": today.isoformat(),
        "role": {"code": "dev"},
        "items": [{"skillId": str(skill), "gap": 2.5, "trace": {"decay": {"days": 0}}}],
    }
    assert own[colleague]["readiness"] == 1.0
    assert aimed == {}
    assert by_partner[employee]["readiness"] == 0.625
    assert by_partner[employee]["targetType"] == "TARGET_ROLE"
    assert past == {}


async def test_the_view_and_the_door_say_the_same_of_a_gap(world: Any):
    skills = [new_id() for _ in range(5)]
    role = await world.role("dev", dict.fromkeys(skills, (3.3, 1.7, True)))
    await world.person("employee", roleId=role)
    for place, skill in enumerate(skills[:4]):
        await world.estimate("employee", skill, place * 1.1, mass=0.3 * place + 0.1)
    names = (
        "readiness",
        "readinessLow",
        "readinessHigh",
        "unassessedShare",
        "gapCount",
    )
    ask = {
        "by": "person",
        "select": fields(*names, items=fields("skillId", "asIs", "gap", "status")),
    }

    door = (await world.call("employee", "GET", "/gaps")).json()
    view = (await world.ask("employee", "gaps", ask, [], [world.ids["employee"]])).popitem()[1]

    items = [
        {name: each[name] for name in ("skillId", "asIs", "gap", "status")}
        for each in door["items"]
    ]
    assert view == {**{name: door[name] for name in names}, "items": items}


async def test_learning_is_listed_by_person_newest_first(world: Any):
    skill = new_id()
    for code in ("c1", "c2"):
        course = await world.course(code, skills=[{"skillId": skill, "expectedDelta": 0.5}])
        await world.call("employee", "POST", "/learning/records", {"resourceId": str(course)})
    resource = record("resource", fields("code", skills=fields("skillId", "expectedDelta")))
    ask = {"by": "person", "shape": "list", "select": [*fields("state"), resource]}

    shown = await world.ask("manager", "learning_records", ask, [], [world.ids["employee"]])

    delta = [{"skillId": str(skill), "expectedDelta": 0.5}]
    assert shown[str(world.ids["employee"])] == [
        {"state": "ENROLLED", "resource": {"code": code, "skills": delta}} for code in ("c2", "c1")
    ]
