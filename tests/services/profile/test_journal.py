"""A journal: written by its owner, sealed at rest, and nobody else's on any path."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.profile.journal.models import OWN
from services.profile.journal.rules import PROMPTS
from shared.ids import new_id
from tests.services.profile.conftest import organise

SECRET = "The marked words of a journal."
TABLES = [model.__tablename__ for model in OWN]
WRITES: dict[str, dict[str, Any]] = {
    "reflections": {"promptCode": "WORK_STYLE", "text": SECRET, "mood": 4},
    "notes": {"kind": "TALENT", "text": SECRET, "origin": "HONED", "importance": 5},
    "aspirations": {"fieldText": SECRET, "horizon": "LONG", "desireStrength": 5},
    "insights": {"text": SECRET},
}
OTHERS = ("lead", "head", "chief", "peer", "partner", "admin")


@pytest.fixture
async def written(journal, coding):
    """One row of each kind, by its path."""
    made = {}
    for kind, body in WRITES.items():
        answer = await journal("dev", "POST", kind, **body)
        assert answer.status_code == 201, answer.text
        assert SECRET not in answer.text
        made[kind] = answer.json()
    word = {"standing": "STRENGTH", "text": SECRET}
    answer = await journal("dev", "PUT", f"strengths/{coding}", **word)
    assert answer.status_code == 200, answer.text
    return made


async def raw(profile, *, tenant, person):
    """How many rows of each table the runtime role sees by hand, without a predicate of the application."""
    async with profile.session(profile.tenant_id) as session:
        for name, value in (("app.tenant", tenant), ("app.person", person)):
            setting = {"name": name, "value": str(value) if value else ""}
            await session.execute(text("SELECT set_config(:name, :value, true)"), setting)
        return [await session.scalar(text(f"SELECT count(*) FROM {name}")) for name in TABLES]


async def test_the_five_prompts_are_there_to_be_answered_again_and_again(journal, here):
    found = (await journal("dev", "GET", "prompts")).json()

    assert [each["code"] for each in found] == [
        "ENERGISING_ENVIRONMENT",
        "REWARDING_TASKS",
        "UNIQUE_TALENTS",
        "SKILLS_TO_DEVELOP",
        "WORK_STYLE",
    ]
    for mood in (2, 5):
        body = {"promptCode": "WORK_STYLE", "text": f"Mood {mood}.", "mood": mood}
        assert (await journal("dev", "POST", "reflections", **body)).status_code == 201
    await journal("dev", "POST", "reflections", text="A free entry.")
    answers = (await journal("dev", "GET", "reflections?promptCode=WORK_STYLE")).json()
    assert [(e["text"], e["mood"], e["promptVersion"]) for e in answers] == [
        ("Mood 2.", 2, 1),
        ("Mood 5.", 5, 1),
    ]
    assert len((await journal("dev", "GET", "reflections")).json()) == 3


async def test_an_unknown_prompt_is_named(journal, here):
    answer = await journal("dev", "POST", "reflections", promptCode="MEANING", text="?")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:waymark:problem:unknown-prompt"


async def test_its_owner_reads_changes_and_removes_everything(journal, written):
    for kind, made in written.items():
        one = f"{kind}/{made['id']}"
        read = await journal("dev", "GET", one)
        assert SECRET in read.text
        assert SECRET in (await journal("dev", "GET", kind)).text
        if kind in ("reflections", "notes"):
            changed = await journal("dev", "PATCH", one, text="Other words.")
            stale = await journal("dev", "PATCH", one, text="Older words.")
            assert (changed.status_code, stale.status_code) == (200, 412)
            assert (await journal("dev", "GET", one)).json()["text"] == "Other words."
        gone = await journal("dev", "DELETE", one)
        assert gone.json() == {"id": made["id"], "personId": made["personId"]}
        assert (await journal("dev", "GET", one)).status_code == 404
        assert (await journal("dev", "GET", kind)).json() == []


@pytest.mark.parametrize("who", [*OTHERS, "reader", "writer", "elsewhere"])
async def test_nobody_else_has_any_way_to_it(profile, here, journal, written, coding, who):
    headers = {
        "reader": lambda: profile.integration("people:read", "skills:read", tenant=here.tenant_id),
        "writer": lambda: here.hris,
    }
    if who == "elsewhere":
        other = await organise(profile, new_id())
        caller = other.as_("dev")
    else:
        caller = headers.get(who, lambda: here.as_(who))()

    for kind, made in written.items():
        one = f"{kind}/{made['id']}"
        assert (await journal(caller, "GET", one)).status_code == 404
        assert (await journal(caller, "GET", kind)).json() == []
        refusals = {403, 404} if kind != "insights" else {403, 404, 405}
        if kind in ("reflections", "notes"):
            assert (await journal(caller, "PATCH", one, text="X")).status_code in refusals
        assert (await journal(caller, "DELETE", one)).status_code in refusals
    assert (await journal(caller, "GET", "strengths")).json() == []
    assert (await journal(caller, "DELETE", f"strengths/{coding}")).status_code in {403, 404}
    assert SECRET in (await journal("dev", "GET", f"notes/{written['notes']['id']}")).text


async def test_a_machine_client_has_no_journal(profile, here, journal):
    answer = await journal(here.hris, "POST", "notes", kind="LIKE", text="Weaving.")

    assert answer.status_code == 404


FIELDS = {
    "reflections": ("text", "mood"),
    "notes": ("text", "kind"),
    "aspirations": ("fieldText", "horizon"),
    "strengths": ("text", "standing"),
    "insights": ("text",),
}


@pytest.mark.parametrize("view", FIELDS)
async def test_the_views_show_it_to_its_owner_alone(profile, here, ask, written, view):
    fields = [{"as": name, "field": name} for name in FIELDS[view]]
    dev = here.people["dev"]
    nested = {"journalNotes" if view == "notes" else view: fields}

    (own,) = (await ask(view, "person", fields, "dev", shape="list", keys=[dev]))[dev]

    assert SECRET in own.values()
    through = [
        {"as": name, "field": name, "shape": "list", "select": inner}
        for name, inner in nested.items()
    ]
    person = (await ask("people", "viewer", through, "dev"))[""]
    assert list(person.values()) == [[own]]
    for who in OTHERS:
        assert (await ask(view, "person", fields, who, shape="list", keys=[dev]))[dev] == []
        assert (await ask(view, "all", fields, who, shape="list")) in ({}, {"": []})
        found = await ask("people", "id", through, who, keys=[dev])
        assert list(found[dev].values()) == [[]]


async def test_the_row_level_policy_lets_in_its_owner_alone(profile, here, written):
    tenant = here.tenant_id

    for person in (None, *(here.people[who] for who in OTHERS)):
        assert await raw(profile, tenant=tenant, person=person) == [0] * len(TABLES)
    assert await raw(profile, tenant=None, person=here.people["dev"]) == [0] * len(TABLES)
    assert await raw(profile, tenant=tenant, person=here.people["dev"]) == [1] * len(TABLES)


async def test_nobody_writes_into_somebody_elses_journal(profile, here):
    async with profile.session() as session:
        await session.execute(
            text("SELECT set_config('app.person', :me, true)"), {"me": here.people["lead"]}
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with session.begin_nested():
                await session.execute(
                    text(
                        "INSERT INTO journal_insight VALUES (:tenant, gen_random_uuid(), :dev, "
                        "NULL, '[]', 'forged', now(), now(), 1)"
                    ),
                    {"tenant": here.tenant_id, "dev": UUID(here.people["dev"])},
                )


async def test_what_is_stored_says_nothing(profile, here, written):
    async with profile.session() as session:
        await session.execute(
            text("SELECT set_config('app.person', :me, true)"), {"me": here.people["dev"]}
        )
        for name in TABLES:
            rows = await session.execute(text(f"SELECT * FROM {name}"))
            assert all(SECRET.encode() not in bytes(row.sealed) for row in rows)
        for name in ("idempotency_key", "outbox_event"):
            rows = await session.execute(text(f"SELECT CAST({name} AS text) FROM {name}"))
            assert all(SECRET not in row[0] for row in rows)


async def test_a_keyed_write_keeps_no_text(profile, here):
    headers = {**here.as_("dev"), "Idempotency-Key": "once"}
    body = {"text": SECRET}

    first = await profile.client.post("/journal/reflections", json=body, headers=headers)
    again = await profile.client.post("/journal/reflections", json=body, headers=headers)

    assert first.json() == again.json()
    async with profile.session() as session:
        kept = await session.execute(text("SELECT encode(body, 'escape') FROM idempotency_key"))
        assert SECRET not in str(kept.all())


async def test_an_erased_person_leaves_no_word_and_no_key(profile, here, journal, written, coding):
    dev = here.people["dev"]
    own = here.as_("dev")
    body = {"type": "PROJECT", "title": SECRET, "startedOn": "2024-01-01"}
    for path, sent in (("experience", body), ("baselines", {})):
        answer = await profile.client.post(f"/people/{dev}/{path}", json=sent, headers=own)
        assert answer.status_code == 201, answer.text

    ordered = await profile.client.post(
        f"/people/{dev}/erasure", json={"reason": "Asked."}, headers=here.as_("admin")
    )

    assert ordered.status_code == 202, ordered.text
    assert await raw(profile, tenant=here.tenant_id, person=dev) == [0] * len(TABLES)
    async with profile.session() as session:
        for name in ("experience_record", "experience_revision", "baselines_snapshot"):
            assert await session.scalar(text(f"SELECT count(*) FROM {name}")) == 0
        key = await session.execute(
            text("SELECT wrapped, destroyed_at IS NOT NULL FROM person_key WHERE person_id = :me"),
            {"me": UUID(dev)},
        )
        assert key.all() == [(None, True)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("aspirations", {"horizon": "SHORT", "desireStrength": 1}),
        ("aspirations", {"fieldText": "Weaving", "horizon": "SHORT", "desireStrength": 6}),
        ("notes", {"kind": "LIKE", "text": "Weaving", "origin": "NATURAL"}),
        ("notes", {"kind": "LIKE", "text": "Weaving", "skillId": str(new_id())}),
        ("reflections", {"text": "Weaving", "mood": 0}),
        (
            "insights",
            {"text": "X", "evidence": [{"type": "REFLECTION", "objectId": str(new_id())}]},
        ),
    ],
)
async def test_what_does_not_fit_is_refused(journal, here, path, body):
    answer = await journal("dev", "POST", path, **body)

    assert answer.status_code == 422
    assert (await journal("dev", "GET", path)).json() == []


async def test_an_insight_rests_on_what_is_ones_own(profile, here, journal, say, coding, written):
    assertion = (await say("lead", "MANAGER", 4)).json()["id"]
    reflection = written["reflections"]["id"]
    evidence = [
        {"type": "ASSERTION", "objectId": assertion},
        {"type": "REFLECTION", "objectId": reflection},
    ]
    body = {"text": "I am quite good at this.", "skillId": coding, "evidence": evidence}

    own = await journal("dev", "POST", "insights", **body)
    others = await journal("peer", "POST", "insights", **body)

    assert (own.status_code, others.status_code) == (201, 422)
    read = (await journal("dev", "GET", f"insights/{own.json()['id']}")).json()
    assert (read["text"], read["skillId"], read["evidence"]) == (
        body["text"],
        coding,
        evidence,
    )


def test_each_prompt_has_one_wording_a_version():
    assert len({(each.code, each.version) for each in PROMPTS}) == len(PROMPTS) == 5
