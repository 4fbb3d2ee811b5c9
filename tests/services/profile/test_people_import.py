"""The bulk doors of the organisation: idempotent, in any order, refused line by line."""

from time import perf_counter

from sqlalchemy import event, func, select

from services.profile.people.models import Assignment, ExternalIdentifier, Person, reporting_line
from tests.services.profile.conftest import PEOPLE, UNITS, imported


def person(key, **further):
    return {"system": "hris", "key": key, "displayName": key.title(), **further}


async def read(profile, person_id):
    response = await profile.client.get(
        f"/people/{person_id}", headers=profile.integration("people:read")
    )
    assert response.status_code == 200
    return response.json()


async def counts(profile):
    async with profile.session() as session:
        tables = (Person, Assignment, ExternalIdentifier, reporting_line)
        return [await session.scalar(select(func.count()).select_from(each)) for each in tables]


async def test_the_same_files_again_change_nothing(here, profile):
    before, told = await counts(profile), len(await profile.published())

    units = await imported(profile, "org-units", [{"system": "hris", **unit} for unit in UNITS])
    rows = [
        person(
            key,
            workEmail=f"{key}@{here.tenant_id}.test",
            hireDate="2020-01-01",
            managerKey=manager,
            orgUnitKey=unit,
            roleTitle=title,
            level="3",
        )
        for key, manager, unit, title in PEOPLE
    ]
    people = await imported(profile, "people", rows)
    grants = await imported(
        profile, "grants", [{"system": "hris", "key": "admin", "role": "ADMIN"}]
    )

    assert {verdict["status"] for verdict in units + people + grants} == {"UNCHANGED"}
    assert {verdict["key"]: verdict["id"] for verdict in people} == here.people
    assert await counts(profile) == before
    assert len(await profile.published()) == told


async def test_a_thousand_people_take_a_fixed_number_of_statements(profile):
    statements = []

    def count(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    async def statements_for(size, prefix):
        rows = [
            person(
                f"{prefix}{n}",
                managerKey=f"{prefix}{(n - 1) // 8}" if n else None,
                roleTitle="Clerk",
            )
            for n in range(size)
        ]
        statements.clear()
        begin = perf_counter()
        verdicts = await imported(profile, "people", rows)
        print(f"{size} people: {perf_counter() - begin:.2f} s, {len(statements)} statements")
        assert {verdict["status"] for verdict in verdicts} == {"CREATED"}
        return len(statements)

    engine = profile.service.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        few = await statements_for(10, "a")
        many = await statements_for(1000, "b")
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert many == few


async def test_a_report_may_arrive_before_the_manager(profile):
    (report,) = await imported(
        profile, "people", [person("dev", managerKey="boss", roleTitle="Dev")]
    )

    shown = await read(profile, report["id"])
    boss = await read(profile, shown["managerId"])
    assert (boss["status"], boss["displayName"], boss["subject"]) == ("PENDING", "boss", None)

    (verdict,) = await imported(profile, "people", [person("boss", workEmail="boss@example.test")])

    assert (verdict["status"], verdict["id"]) == ("CHANGED", boss["id"])
    arrived = await read(profile, boss["id"])
    assert (arrived["status"], arrived["displayName"]) == ("ACTIVE", "Boss")
    reports = await profile.client.get(
        f"/people/{boss['id']}/reports", headers=profile.token("boss@example.test")
    )
    assert [each["displayName"] for each in reports.json()] == ["Dev"]


async def test_a_placeholder_has_no_access(profile):
    await imported(profile, "people", [person("dev", managerKey="boss")])

    response = await profile.client.get("/people", headers=profile.token("boss"))

    assert (response.status_code, response.json()["type"]) == (403, "urn:waymark:problem:no-access")


async def test_lines_that_close_a_circle_are_refused_and_the_others_stand(profile):
    rows = [person("a", managerKey="b"), person("b", managerKey="c"), person("c"), person("d")]
    ids = {v["key"]: v["id"] for v in await imported(profile, "people", rows)}

    verdicts = await imported(
        profile, "people", [person("c", managerKey="a", level="9"), person("d", managerKey="a")]
    )

    assert [verdict["status"] for verdict in verdicts] == ["REFUSED", "CHANGED"]
    assert verdicts[0]["problem"]["type"] == "urn:waymark:problem:circular-reporting"
    refused = await read(profile, ids["c"])
    assert (refused["managerId"], refused["level"], refused["version"]) == (None, None, 1)
    assert (await read(profile, ids["d"]))["managerId"] == ids["a"]


async def test_two_new_people_cannot_manage_each_other(profile):
    verdicts = await imported(
        profile, "people", [person("a", managerKey="b"), person("b", managerKey="a"), person("c")]
    )

    assert [verdict["status"] for verdict in verdicts] == ["REFUSED", "REFUSED", "CREATED"]
    assert (await counts(profile))[0] == 1


async def test_nobody_manages_themself(profile):
    (verdict,) = await imported(profile, "people", [person("a", managerKey="a")])

    assert verdict["problem"]["type"] == "urn:waymark:problem:circular-reporting"
    assert await counts(profile) == [0, 0, 0, 0]


async def test_a_dry_run_answers_as_the_real_one_and_changes_nothing(profile):
    rows = [person("a", managerKey="boss"), person("a")]

    tried = await imported(profile, "people", rows, dry_run=True)

    assert [verdict["status"] for verdict in tried] == ["CREATED", "REFUSED"]
    assert await counts(profile) == [0, 0, 0, 0]
    assert await profile.published() == []


async def test_unreadable_unknown_and_repeated_lines_are_refused_with_their_reason(profile):
    rows = [
        {"system": "hris", "key": "x"},
        person("a", orgUnitKey="nowhere"),
        person("b", workEmail="Same@Example.test"),
        person("c", workEmail="same@example.test"),
        person("b"),
    ]

    verdicts = await imported(profile, "people", rows)

    assert [verdict["status"] for verdict in verdicts] == [
        "REFUSED",
        "REFUSED",
        "CREATED",
        "REFUSED",
        "REFUSED",
    ]
    assert verdicts[0]["problem"]["errors"] == [
        {"pointer": "/displayName", "detail": "Field required"}
    ]
    slugs = [v["problem"]["type"].rpartition(":")[2] for v in verdicts if "problem" in v]
    assert slugs == ["invalid", "unknown-org-unit", "work-email-taken", "repeated-line"]


async def test_a_line_without_a_member_leaves_it_and_null_empties_it(profile):
    full = person(
        "a", managerKey="boss", roleTitle="Clerk", preferredName="Al", hireDate="2020-01-01"
    )
    (verdict,) = await imported(profile, "people", [full])

    await imported(profile, "people", [person("a")])
    kept = await read(profile, verdict["id"])
    await imported(profile, "people", [person("a", managerKey=None, preferredName=None)])
    emptied = await read(profile, verdict["id"])

    assert (kept["roleTitle"], kept["preferredName"]) == ("Clerk", "Al")
    assert kept["managerId"] is not None
    assert (emptied["managerId"], emptied["preferredName"], emptied["roleTitle"]) == (
        None,
        None,
        "Clerk",
    )


async def test_a_termination_date_that_has_come_ends_employment_and_a_later_word_returns(profile):
    hired = person("a", managerKey="boss", workEmail="a@example.test", hireDate="2020-01-01")
    (verdict,) = await imported(profile, "people", [hired])

    (left,) = await imported(profile, "people", [hired | {"terminationDate": "2026-01-31"}])
    gone = await read(profile, verdict["id"])
    (again,) = await imported(profile, "people", [hired | {"terminationDate": "2026-01-31"}])
    (back,) = await imported(
        profile, "people", [hired | {"terminationDate": None, "status": "ACTIVE"}]
    )
    returned = await read(profile, verdict["id"])

    assert [left["status"], again["status"], back["status"]] == ["CHANGED", "UNCHANGED", "CHANGED"]
    assert (gone["status"], gone["managerId"]) == ("TERMINATED", None)
    assert (returned["status"], returned["terminationDate"]) == ("ACTIVE", None)
    assert returned["managerId"] is not None
    types = [fact["type"] for fact in await profile.published() if fact["subject"] == verdict["id"]]
    assert types == [
        "waymark.profile.person.registered.v1",
        "waymark.profile.assignment.started.v1",
        "waymark.profile.person.terminated.v1",
        "waymark.profile.assignment.ended.v1",
        "waymark.profile.manager.changed.v1",
        "waymark.profile.person.reactivated.v1",
        "waymark.profile.assignment.started.v1",
        "waymark.profile.manager.changed.v1",
    ]


async def test_units_may_stand_in_any_order_and_orphans_are_refused(profile):
    rows = [
        {"system": "hris", "key": "team", "name": "Team", "type": "TEAM", "parentKey": "dept"},
        {
            "system": "hris",
            "key": "dept",
            "name": "Dept",
            "type": "DEPARTMENT",
            "leaderKey": "boss",
        },
        {"system": "hris", "key": "lost", "name": "Lost", "type": "TEAM", "parentKey": "nowhere"},
        {"system": "hris", "key": "below", "name": "Below", "type": "TEAM", "parentKey": "lost"},
    ]

    verdicts = await imported(profile, "org-units", rows)
    again = await imported(profile, "org-units", rows[:2])
    circle = await imported(profile, "org-units", [rows[1] | {"parentKey": "team"}])

    assert [v["status"] for v in verdicts] == ["CREATED", "CREATED", "REFUSED", "REFUSED"]
    assert [v["status"] for v in again] == ["UNCHANGED", "UNCHANGED"]
    assert circle[0]["problem"]["type"] == "urn:waymark:problem:circular-organisation"


async def test_grants_need_a_known_person_and_are_never_to_oneself(here, profile):
    rows = [
        {"system": "hris", "key": "nobody", "role": "ADMIN"},
        {"system": "hris", "key": "admin", "role": "HR_PARTNER"},
        {"system": "hris", "key": "chief", "role": "HR_PARTNER", "orgUnitKey": "eng"},
    ]

    verdicts = await imported(profile, "grants", rows, headers=here.as_("admin"))

    assert [v["status"] for v in verdicts] == ["REFUSED", "REFUSED", "CREATED"]
    slugs = [v["problem"]["type"].rpartition(":")[2] for v in verdicts if "problem" in v]
    assert slugs == ["unknown-person", "grant-to-oneself"]


async def test_the_bulk_doors_need_their_scope(here, profile):
    for kind in ("org-units", "people", "grants", "frameworks", "skills"):
        for headers in (here.as_("dev"), here.as_("chief"), profile.integration("people:read")):
            response = await profile.client.post(f"/imports/{kind}", content=b"", headers=headers)
            assert (response.status_code, kind) == (403, kind)
