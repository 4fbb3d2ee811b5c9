"""What HR systems tell of people and units: who is meant, what changes, what waits and why."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine

from services.profile.people import due
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.hris import Hris


@pytest.fixture
def hris(profile):
    return Hris(profile)


async def facts_of(profile, kind):
    return await profile.published(f"waymark.profile.{kind}.v1")


async def test_a_person_is_made_and_what_is_not_named_stays(hris, profile):
    await hris.person("E1", workEmail="Ada@Example.test", locale="en", hireDate="2020-01-01")
    await hris.person("E1", displayName="Ada Lovelace")

    person = (await hris.people())["E1"]
    assert (person["display_name"], person["work_email"]) == ("Ada Lovelace", "ada@example.test")
    assert (person["status"], person["hire_date"].isoformat()) == ("ACTIVE", "2020-01-01")
    assert len(await facts_of(profile, "person.registered")) == 1
    assert len(await facts_of(profile, "person.updated")) == 1


async def test_the_same_word_twice_changes_once(hris, profile):
    event_id = uuid4()
    for _ in range(2):
        await hris.say(
            "person.upserted",
            "p",
            event_id=event_id,
            person={"externalId": "E1"},
            displayName="Ada",
        )
        await hris.job("E1", "2024-01-01", roleTitle="Engineer")

    assert len(await facts_of(profile, "person.registered")) == 1
    assert len(await facts_of(profile, "assignment.started")) == 1
    assert await facts_of(profile, "assignment.changed") == []
    assert len(await hris.history()) == 1


async def test_a_person_is_found_by_the_work_email_and_gets_the_identifier(here, hris, profile):
    email = f"dev@{here.tenant_id}.test"
    other = Hris(profile, system="payroll")

    await other.say(
        "person.upserted", "p", person={"externalId": "77"}, workEmail=email.upper(), locale="de"
    )
    await other.job("77", "2025-01-01", level=5)

    person = (await other.people())["77"]
    assert str(person["id"]) == here.people["dev"]
    assert (person["display_name"], person["level"]) == ("Dev", "5")
    assert (await hris.people())["dev"]["id"] == person["id"]


async def test_two_candidates_wait_with_a_reason_and_nobody_changes(here, hris, profile):
    email = f"dev@{here.tenant_id}.test"
    before = await hris.people()

    await hris.say("person.upserted", "p1", person={"externalId": "new"}, workEmail=email)
    await hris.say("person.upserted", "p2", person={"externalId": "peer"}, workEmail=email)

    assert await hris.people() == before
    assert await hris.waiting() == [
        ("PERSON", "", "AMBIGUOUS_PERSON"),
        ("PERSON", "", "WORK_EMAIL_TAKEN"),
    ]

    await hris.person("dev", workEmail="dev2@example.test")

    assert await hris.waiting() == [("PERSON", "", "WORK_EMAIL_TAKEN")]
    assert (await hris.people())["new"]["work_email"] == email


async def test_words_that_fit_no_field_wait_as_invalid(hris):
    await hris.person("E1", displayName="x" * 201)
    await hris.unit("u1", name="x" * 201)

    assert await hris.people() == {}
    assert await hris.waiting() == [("ORG_UNIT", "", "INVALID"), ("PERSON", "", "INVALID")]

    await hris.person("E1", displayName="Ada")

    assert await hris.waiting() == [("ORG_UNIT", "", "INVALID")]


async def test_who_leaves_keeps_the_history(here, hris, profile):
    await hris.say(
        "person.terminated", "p", person={"externalId": "dev"}, terminationDate="2026-03-01"
    )
    again = await hris.history()
    await hris.say(
        "person.terminated", "p", person={"externalId": "dev"}, terminationDate="2026-03-01"
    )

    person = (await hris.people())["dev"]
    assert (person["status"], person["manager"], person["unit"]) == ("TERMINATED", None, "eng")
    (mine,) = [each for each in again if each["key"] == "dev"]
    assert (mine["manager"], mine["valid_to"].isoformat()) == ("lead", "2026-03-01")
    assert await hris.history() == again
    assert len(await facts_of(profile, "person.terminated")) == 1


async def test_a_departure_to_come_happens_on_its_day(here, hris, profile):
    day = clock.today() + timedelta(days=2)

    await hris.say(
        "person.terminated", "p", person={"externalId": "dev"}, terminationDate=day.isoformat()
    )
    still = (await hris.people())["dev"]
    system = Principal.system(here.tenant_id, "profile.people.due")
    with time_machine.travel(datetime.combine(day, time.min, UTC)):
        async with profile.session() as session:
            await due.apply_due(session, system, today=clock.today())

    assert (still["status"], still["termination_date"]) == ("ACTIVE", day)
    assert (await hris.people())["dev"]["status"] == "TERMINATED"


async def test_an_older_word_about_the_status_does_not_count(here, hris):
    await hris.say(
        "person.terminated",
        "a",
        minute=5,
        person={"externalId": "dev"},
        terminationDate="2026-03-01",
    )
    await hris.say("person.upserted", "b", minute=4, person={"externalId": "dev"}, status="ACTIVE")
    left = (await hris.people())["dev"]["status"]
    await hris.say("person.upserted", "b", minute=6, person={"externalId": "dev"}, status="active")

    assert (left, (await hris.people())["dev"]["status"]) == ("TERMINATED", "ACTIVE")


async def test_a_job_after_the_departure_waits_for_the_return(here, hris):
    await hris.say(
        "person.terminated", "p", person={"externalId": "dev"}, terminationDate="2026-03-01"
    )
    await hris.job("dev", "2026-04-01", roleTitle="Returner", manager={"externalId": "head"})
    waiting = await hris.waiting()

    await hris.person("dev", status="ACTIVE")

    person = (await hris.people())["dev"]
    assert waiting == [("EMPLOYMENT", "2026-04-01", "NOT_EMPLOYED")]
    assert await hris.waiting() == []
    assert (person["role_title"], person["manager"]) == ("Returner", "head")


async def test_a_job_changes_from_its_day_and_keeps_what_is_not_named(here, hris, profile):
    await hris.job("dev", "2025-01-01", roleTitle="Analyst", level=4, employmentType="ZERO_HOURS")

    person = (await hris.people())["dev"]
    assert (person["manager"], person["unit"], person["level"]) == ("lead", "eng", "4")
    assert (person["employment_type"], person["role_title"]) == ("OTHER", "Analyst")
    (fact,) = await facts_of(profile, "assignment.changed")
    assert fact["payload"]["assignmentSince"] == "2025-01-01"


async def test_the_manager_of_today_changes_hands_at_once(here, hris, profile):
    url = f"/people/{here.people['dev']}"

    await hris.job("dev", "2026-01-01", manager={"email": f"operator@{here.tenant_id}.test"})

    old = await profile.client.get(url, headers=here.as_("lead"))
    new = await profile.client.get(url, headers=here.as_("operator"))
    assert (old.json()["workEmail"], new.json()["workEmail"] is not None) == (None, True)


async def test_a_circle_is_refused_alone_and_closed_never(here, hris):
    await hris.job("head", "2025-01-01", roleTitle="Director", manager={"externalId": "dev"})

    head = (await hris.people())["head"]
    assert (head["manager"], head["role_title"]) == ("chief", "Director")
    assert await hris.waiting() == [("EMPLOYMENT", "2025-01-01/manager", "CIRCULAR_REPORTING")]

    await hris.job("dev", "2025-02-01", manager={"externalId": "chief"})

    assert (await hris.people())["head"]["manager"] == "dev"
    assert await hris.waiting() == []


async def test_nobody_is_their_own_manager(here, hris):
    await hris.job("dev", "2025-01-01", manager={"externalId": "dev"})

    assert (await hris.people())["dev"]["manager"] == "lead"
    assert await hris.waiting() == [("EMPLOYMENT", "2025-01-01/manager", "CIRCULAR_REPORTING")]


async def test_a_newer_word_about_the_same_day_replaces_what_waits(here, hris):
    await hris.job("dev", "2025-01-01", manager={"externalId": "nobody"})
    await hris.job("dev", "2025-01-01", manager={"externalId": "head"})
    replaced = await hris.waiting()

    await hris.person("nobody")

    assert replaced == []
    assert (await hris.people())["dev"]["manager"] == "head"


async def test_a_role_is_found_by_its_code_when_it_is_published(here, hris):
    role = uuid4()
    await hris.job("dev", "2025-01-01", roleCode="senior", roleTitle="Senior II")
    before = (await hris.people())["dev"]
    waiting = await hris.waiting()

    await hris.role("senior", role)
    await hris.job("peer", "2025-01-01", roleCode="senior")

    people = await hris.people()
    assert (before["role_id"], before["role_code"], before["role_title"]) == (
        None,
        "senior",
        "Senior II",
    )
    assert waiting == [("EMPLOYMENT", "2025-01-01/roleCode", "UNKNOWN_ROLE")]
    assert (people["dev"]["role_id"], people["dev"]["role_title"]) == (role, "Senior II")
    assert (people["peer"]["role_id"], people["peer"]["role_title"]) == (role, "Senior")
    assert await hris.waiting() == []


async def test_an_hr_system_grants_nothing(here, hris, profile):
    await hris.person("E1", workEmail="root@example.test", grants=[{"role": "ADMIN"}], role="ADMIN")
    await hris.job("E1", "2025-01-01", roleTitle="Administrator", roleCode="ADMIN")

    person = (await hris.people())["E1"]
    grants = await profile.client.get(f"/people/{person['id']}/grants", headers=here.hris)
    assert grants.json() == []


async def test_what_waits_is_shown_to_administrators_with_counts(here, hris, profile):
    await hris.job("dev", "2025-01-01", manager={"externalId": "x", "email": "X@example.test"})
    await hris.unit("u1", parentKey="u0")

    shown = await profile.client.get("/unresolved", headers=here.as_("admin"))
    some = await profile.client.get("/unresolved?kind=ORG_UNIT", headers=here.as_("admin"))
    refused = [
        (await profile.client.get("/unresolved", headers=headers)).status_code
        for headers in (here.as_("dev"), here.as_("partner"), here.hris)
    ]

    counts = shown.json()["counts"]
    assert [(each["kind"], each["reason"], each["count"]) for each in counts] == [
        ("EMPLOYMENT", "UNKNOWN_PERSON", 1),
        ("ORG_UNIT", "UNKNOWN_ORG_UNIT", 1),
    ]
    first = shown.json()["entries"][0]
    assert first["waitsFor"] == {
        "kind": "PERSON",
        "system": "hris",
        "value": "x",
        "email": "x@example.test",
    }
    assert set(first) == {"id", "kind", "reason", "waitsFor", "saidAt", "waitingSince"}
    assert [each["kind"] for each in some.json()["entries"]] == ["ORG_UNIT"]
    assert refused == [403, 403, 403]


async def test_any_identifier_of_the_system_names_the_person(here, hris, profile):
    badge = {"system": "hris", "type": "BADGE", "value": "B-7"}
    body = {"displayName": "Nova", "externalIds": [badge]}
    made = await profile.client.post("/people", json=body, headers=here.as_("admin"))

    await hris.person("B-7", displayName="Nova Quist")

    people = await hris.people()
    assert (str(people["B-7"]["id"]), people["B-7"]["display_name"]) == (
        made.json()["id"],
        "Nova Quist",
    )


async def test_nothing_crosses_to_another_tenant(here, hris, profile):
    await hris.job("dev", "2025-01-01", manager={"externalId": "later"})
    here_id, profile.tenant_id = profile.tenant_id, uuid4()

    await Hris(profile).person("later")
    elsewhere = await Hris(profile).waiting()
    profile.tenant_id = here_id

    assert elsewhere == []
    assert await hris.waiting() == [("EMPLOYMENT", "2025-01-01/manager", "UNKNOWN_PERSON")]
    assert (await hris.people())["dev"]["manager"] == "lead"
