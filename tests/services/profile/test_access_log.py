"""The access log: who looked at what of whom, told to that person, at no cost to who looks at themselves."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.profile.views import VIEWS
from shared import clock
from shared.accesses import log as access_log
from shared.accesses.marks import END, MARK, take_out
from shared.tenancy import Actor, Principal
from tests.services.profile.test_consents import grant, revoke  # noqa: F401 - fixtures
from tests.services.profile.test_views import select

LEVELS = {"skills": {"shape": "list", "select": select("level")}}
NOT_LOGGED = {
    "people": "the card; what more a reader sees there is where somebody works, which their line knows anyway",
    "consents": "only who gave it and who received it see it",
    "access_log": "the log itself",
    "exports": "nobody but the person sees any",
    "contacts": "nobody but the owner sees any",
    "interactions": "nobody but the owner sees any",
    **dict.fromkeys(
        ("reflections", "notes", "aspirations", "insights"), "nobody but the owner sees any"
    ),
    "ratings": "only who is rated, who asked and who answers see it",
    "experts": "who is in it has let themselves be found, and no figure is shown",
}


@pytest.fixture
def entries(profile, here):
    async def entries(of="dev", by=None):
        log = profile.service.access_log
        await log.write()
        url = f"/people/{here.people[of]}/access-log"
        answer = await profile.client.get(url, headers=here.as_(by or of))
        if answer.status_code != 200:
            return answer.status_code
        names = {person: key for key, person in here.people.items()}
        return sorted(
            (names.get(e["reader"], e["reader"]), e["what"], e["via"], e["times"])
            for e in answer.json()
        )

    return entries


@pytest.fixture
async def skilled(say, here):
    for of in ("dev", "peer"):
        assert (await say("lead", "MANAGER", 3.0, of=of)).status_code == 201


async def test_who_looks_at_anothers_levels_is_noted_with_the_right_by_which(
    ask, here, skilled, entries
):
    dev = here.people["dev"]
    for viewer in ("lead", "lead", "head", "partner", "operator", "peer", "admin", "dev"):
        await ask("people", "id", select("displayName", **LEVELS), viewer, keys=[dev])

    assert await entries() == [
        ("head", "SKILL_LEVELS", "MANAGER", 1),
        ("lead", "SKILL_LEVELS", "MANAGER", 2),
        ("partner", "SKILL_LEVELS", "HR_PARTNER", 1),
    ]


@pytest.mark.parametrize("shape", ["list", "connection"])
async def test_whoever_is_in_a_list_is_noted_and_who_shows_nothing_is_not(
    ask, here, skilled, entries, shape
):
    fields = (
        select("level")
        if shape == "list"
        else [{"as": "nodes", "field": "nodes", "select": select("level")}]
    )
    keys = [here.people[key] for key in ("dev", "peer", "operator", "lead")]
    found = await ask("skill_levels", "person", fields, "lead", shape=shape, keys=keys)

    assert {key for key, value in found.items() if "level" in str(value)} == set(keys[:2])
    assert await entries() == [("lead", "SKILL_LEVELS", "MANAGER", 1)]
    assert await entries("peer") == [("lead", "SKILL_LEVELS", "MANAGER", 1)]
    assert await entries("operator") == []
    assert await entries("lead") == []


async def test_rows_of_many_people_note_each_of_them(ask, here, skilled, coding, entries):
    found = await ask("skill_levels", "skill", select("level"), "lead", shape="list", keys=[coding])

    assert [len(rows) for rows in found.values()] == [2]
    assert await entries() == await entries("peer") == [("lead", "SKILL_LEVELS", "MANAGER", 1)]


async def test_the_other_doors_note_in_the_transaction_of_the_reading(profile, here, say, entries):
    made = (await say("lead", "MANAGER", 3.0)).json()
    dev = here.people["dev"]
    paths = (
        f"/skills/levels?personId={dev}",
        f"/skills/assertions?personId={dev}",
        f"/skills/assertions/{made['id']}",
        f"/people/{dev}/credentials",
    )
    for viewer in ("head", "dev"):
        for path in paths:
            assert (await profile.client.get(path, headers=here.as_(viewer))).status_code == 200

    assert await entries() == [
        ("head", "SKILL_ASSERTIONS", "MANAGER", 2),
        ("head", "SKILL_LEVELS", "MANAGER", 1),
    ]


async def test_who_may_read_the_log(entries, ask, here, skilled, profile):
    dev = here.people["dev"]
    await ask("people", "id", select(**LEVELS), "lead", keys=[dev])
    await profile.service.access_log.write()
    async with profile.session() as session:
        await session.execute(text("UPDATE access_log_entry SET via = 'CONSENT' WHERE times = 1"))
    await ask("people", "id", select(**LEVELS), "lead", keys=[dev])

    by_consent = ("lead", "SKILL_LEVELS", "CONSENT", 1)
    as_manager = ("lead", "SKILL_LEVELS", "MANAGER", 1)
    assert await entries() == [by_consent, as_manager]
    assert await entries(by="partner") == await entries(by="admin") == [as_manager]
    assert [await entries(by=who) for who in ("lead", "head", "peer", "operator")] == [404] * 4
    in_view = {
        who: len(
            (await ask("access_log", "person", select("via"), who, shape="list", keys=[dev]))[dev]
        )
        for who in here.people
    }
    assert {who for who, count in in_view.items() if count} == {"dev", "partner", "admin"}


async def test_a_look_by_consent_says_so(ask, here, entries, grant, profile):  # noqa: F811
    await grant(to="operator")
    log = profile.service.access_log
    operator = Principal(here.tenant_id, "o", Actor.PERSON, person_id=here.people["operator"])
    await log.take([f"x{MARK}EXPERIENCE:{here.people['dev']}{END}y"], operator)

    assert await entries() == [("operator", "EXPERIENCE", "CONSENT", 1)]


async def test_each_day_counts_for_itself(ask, here, skilled, entries, time_machine):
    dev = here.people["dev"]
    await ask("people", "id", select(**LEVELS), "lead", keys=[dev])
    await entries()
    time_machine.move_to(clock.now() + timedelta(days=1))
    for _ in range(2):
        await ask("people", "id", select(**LEVELS), "lead", keys=[dev])

    assert [times for *_, times in await entries()] == [1, 2]


async def test_a_page_about_oneself_has_no_marks_and_notes_nothing(
    ask, here, skilled, profile, monkeypatch
):
    monkeypatch.setattr(access_log, "take_out", None)

    found = await ask("people", "viewer", select("displayName", **LEVELS), "dev")

    assert [each["skills"] for each in found.values()] == [[{"level": 3.0}]]


async def test_what_cannot_be_written_stays_until_it_can(ask, here, skilled, entries, profile):
    dev = here.people["dev"]
    log = profile.service.access_log
    await ask("people", "id", select(**LEVELS), "lead", keys=[dev])
    real, profile.service.database = profile.service.database, Gone()
    await log.write()
    profile.service.database = real
    await ask("people", "id", select(**LEVELS), "lead", keys=[dev])

    assert await entries() == [("lead", "SKILL_LEVELS", "MANAGER", 2)]


async def test_what_must_not_be_lost_is_written_before_the_answer_goes(profile, here):
    log, dev = profile.service.access_log, here.people["dev"]
    person_id = UUID(here.people["operator"])
    operator = Principal(here.tenant_id, "o", Actor.PERSON, person_id=person_id)
    answer = f"x{MARK}!ASSESSMENT_RESULTS:{dev}{END}y"
    assert await log.take([answer], operator) == ["xy"]
    real, profile.service.database = profile.service.database, Gone()
    with pytest.raises(ConnectionRefusedError):
        await log.take([answer], operator)
    profile.service.database = real

    counted = text("SELECT what, times FROM access_log_entry")
    async with profile.session() as session:
        assert [tuple(row) for row in await session.execute(counted)] == [("ASSESSMENT_RESULTS", 1)]
    await log.write()
    async with profile.session() as session:
        assert [tuple(row) for row in await session.execute(counted)] == [("ASSESSMENT_RESULTS", 2)]


async def test_a_process_writes_every_few_moments_and_when_it_stops(profile, here):
    log, dev = profile.service.access_log, here.people["dev"]
    lead = Principal(here.tenant_id, "l", Actor.PERSON, person_id=UUID(here.people["lead"]))

    async def times():
        async with profile.session() as session:
            return await session.scalar(text("SELECT sum(times) FROM access_log_entry"))

    async with log.kept(every_seconds=0.01):
        await log.take([f"{MARK}SKILL_LEVELS:{dev}{END}"], lead)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not log.waiting:
                break
        await asyncio.sleep(0.1)
    first = await times()
    async with log.kept(every_seconds=3600):
        await log.take([f"{MARK}SKILL_LEVELS:{dev}{END}"], lead)

    assert (first, await times()) == (1, 2)


async def test_more_than_fits_is_counted_as_lost(profile, here, monkeypatch):
    monkeypatch.setattr(access_log, "MOST_WAITING", 1)
    log = profile.service.access_log
    lead = Principal(here.tenant_id, "l", Actor.PERSON, person_id=UUID(here.people["lead"]))
    before = _lost()
    await log.take([f"{MARK}A:{here.people[key]}{END}" for key in ("dev", "peer", "dev")], lead)
    after = _lost()
    await log.write()

    assert after - before == 1


def _lost() -> float:
    name, labels = "waymark_access_log_lost_total", {"service": "profile"}
    return REGISTRY.get_sample_value(name, labels) or 0.0


class Gone:
    """A database that is away."""

    def transaction(self, tenant_id):
        raise ConnectionRefusedError


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_about_somebody_is_logged_or_says_why_not(view):
    about = {"personId", "subjectId", "ownerId"} & view.fields.keys()

    assert (view.logged is not None) == (bool(about) and view.name not in NOT_LOGGED)


@pytest.mark.parametrize(
    ("answer", "clean", "marks"),
    [
        ("[]", "[]", []),
        (f"[1]{MARK}A:x{END},[2]{MARK}!B:y{END}", "[1],[2]", ["A:x", "!B:y"]),
        (f"{MARK}A:x{END}", "", ["A:x"]),
    ],
)
def test_marks_are_taken_out_whole(answer, clean, marks):
    assert take_out(answer) == (clean, marks)
