"""Who sees a result that is for guidance alone: each actor through each path, and what the rows themselves allow."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import text

from services.profile.assessments.instrument_schemas import InstrumentRow
from services.profile.assessments.occupations import OccupationRow
from services.profile.interpretations.schemas import InterpretationRow
from shared.ids import new_id
from tests.conftest import Harness
from tests.services.profile.assessing import ANSWERS, Taking, of_mood
from tests.services.profile.conftest import imported, organise

SAID, MEANT = "Words of a range", "Words of a mentor"
SCALES = [{"scale": "CALM", "by": "RAW", "bands": [{"code": "A", "label": "A", "text": SAID}]}]
EVERY_SCOPE = (
    "people:read",
    "people:write",
    "people:erase",
    "grants:write",
    "skills:read",
    "skills:write",
    "instruments:write",
    "roles:write",
    "learning:write",
)
SEES = {"dev": True, "operator": True}
"""The person, and the mentor whose consent holds."""
ACTORS = (
    "dev", "lead", "head", "chief", "partner", "admin", "peer", "operator",
    "revoked mentor", "expired mentor", "client", "elsewhere",
)  # fmt: skip


@pytest.fixture
async def shared(taking: Taking, mood: str):
    """dev has a result; operator is their mentor, peer has no consent, others had one; both mentors wrote of it."""
    headers = taking.here.as_("partner")
    (verdict,) = await imported(
        taking.harness, "interpretations", [of_mood(scales=SCALES)], headers=headers
    )
    assert verdict["status"] == "CREATED"
    await taking.take("dev", mood, ANSWERS)
    ((result),) = await taking.results("dev")
    for who, until in (("operator", "2099-01-01T00:00:00Z"), ("admin", "2099-01-01T00:00:00Z")):
        consent = await taking.done(
            "dev",
            "POST",
            f"/assessments/results/{result['id']}/shares",
            {
                "granteeId": taking.here.people[who],
                "role": "MENTOR",
                "until": until,
                "purpose": "To talk.",
            },
        )
        path = f"/assessments/results/{result['id']}/interpretation"
        await taking.done(who, "PUT", path, {"text": f"{MEANT}, {who}"})
        if who == "admin":
            await taking.done("dev", "POST", f"/consents/{consent['id']}/revoke")
    return result["id"]


@pytest.fixture
async def callers(taking: Taking, profile: Harness, shared: str):
    """Headers by actor. Somebody whose consent was taken back, or whose day has passed, is made of a colleague."""
    far = await organise(profile, new_id())
    async with profile.session() as session:
        expired = text(
            "INSERT INTO consent_grant SELECT tenant_id, gen_random_uuid(), :dev, :chief, scope, object_id, role,"
            " purpose, granted_at, now() - interval '1 second', NULL FROM consent_grant LIMIT 1"
        )
        people = taking.here.people
        await session.execute(expired, {"dev": people["dev"], "chief": people["partner"]})
    named = {key: taking.here.as_(key) for key in ("dev", "lead", "head", "chief", "partner")}
    return named | {
        "admin": taking.here.as_("admin"),
        "peer": taking.here.as_("peer"),
        "operator": taking.here.as_("operator"),
        "revoked mentor": taking.here.as_("admin"),
        "expired mentor": taking.here.as_("partner"),
        "client": profile.integration(*EVERY_SCOPE),
        "elsewhere": far.as_("dev"),
    }


def _listed(name: str, member: str) -> dict[str, Any]:
    inner = [{"as": member, "field": member}]
    return {"as": name, "field": name, "shape": "list", "with": {}, "select": inner}


def _ask(view: str, by: str, key: str, **wire):
    ask: dict[str, Any] = {
        "by": by,
        "shape": "list" if by == "person" else "record",
        "with": {},
        "list": "_",
    }
    select = [
        {"as": "typeCode", "field": "typeCode"},
        _listed("scales", "raw"),
        {"as": "words", "field": "interpretation", "select": [_listed("scales", "text")]},
        _listed("confidantInterpretations", "text"),
    ]
    if wire:
        inner = {"as": "found", "field": "assessmentResults", "shape": "list", "select": select}
        select = [inner | {"with": {}}]
    return f"{view}\n{json.dumps(ask | {'select': select})}\n[]\n{key}"


async def paths(profile: Harness, headers, *, person: str, result: str) -> dict[str, str]:
    """What each way of reading answers, as text."""
    get, post = profile.client.get, profile.client.post
    answers = {
        "rest list": await get(f"/assessments/results?personId={person}", headers=headers),
        "rest one": await get(f"/assessments/results/{result}", headers=headers),
        "rest words": await get(f"/assessments/results/{result}/interpretations", headers=headers),
        "rest sessions": await get(f"/assessments?personId={person}", headers=headers),
        "view node": await post(
            "/views", content=_ask("assessment_results", "id", result), headers=headers
        ),
        "view list": await post(
            "/views", content=_ask("assessment_results", "person", person), headers=headers
        ),
        "view nested": await post(
            "/views", content=_ask("people", "id", person, nested=True), headers=headers
        ),
        "person": await get(f"/people/{person}", headers=headers),
        "search": await get("/people?search=calm", headers=headers),
        "skills": await get(f"/skills/assertions?personId={person}", headers=headers),
    }
    return {path: answer.text for path, answer in answers.items()}


SCORE = re.compile(r"\b13\.0(?![0-9])")  # and not the thirteenth second of a minute
CARRIES = frozenset({"rest list", "rest one", "view node", "view list", "view nested"})


@pytest.mark.parametrize("actor", ACTORS)
async def test_a_guidance_result_shows_itself_to_its_person_and_their_mentor_alone(
    profile, taking, shared, callers, actor
):
    person = taking.here.people["dev"]

    found = await paths(profile, callers[actor], person=person, result=shared)

    shown = {path for path, answer in found.items() if SCORE.search(answer)}
    said = {path for path, answer in found.items() if SAID in answer}
    meant = {path for path, answer in found.items() if MEANT in answer}
    views = {path for path in CARRIES if path.startswith("view")}
    assert shown == said == (CARRIES if SEES.get(actor) else set())
    assert meant == (views | {"rest words"} if SEES.get(actor) else set())
    if actor == "operator":
        assert not any(f"{MEANT}, admin" in answer for answer in found.values())
    if not SEES.get(actor):
        assert not any("CALM" in answer for answer in found.values())
        absent = await profile.client.get(
            f"/assessments/results/{taking.here.people['dev']}", headers=callers[actor]
        )
        assert found["rest one"] == absent.text


@pytest.mark.parametrize("actor", [each for each in ACTORS if each != "dev"])
async def test_nobody_else_learns_that_a_session_was_begun_on_ones_own(
    profile, taking, shared, callers, actor
):
    person = taking.here.people["dev"]

    answer = await profile.client.get(f"/assessments?personId={person}", headers=callers[actor])

    assert answer.json() == []


async def test_a_consent_is_taken_back_at_once(profile, taking, shared):
    (consent,) = [
        each
        for each in await taking.done("dev", "GET", f"/people/{taking.here.people['dev']}/consents")
        if each["revokedAt"] is None and each["granteeId"] == taking.here.people["operator"]
    ]
    before = await taking.call("operator", "GET", f"/assessments/results/{shared}")

    await taking.done("dev", "POST", f"/consents/{consent['id']}/revoke")

    after = await taking.call("operator", "GET", f"/assessments/results/{shared}")
    assert (before.status_code, after.status_code) == (200, 404)


@pytest.mark.parametrize("who", ["lead", "head", "chief", "partner"])
async def test_who_leads_a_person_is_never_let_in(taking, shared, who):
    wanted = {
        "granteeId": taking.here.people[who],
        "role": "COUNSELLOR",
        "until": "2099-01-01T00:00:00Z",
        "purpose": "They asked me to.",
    }

    refused = await taking.call("dev", "POST", f"/assessments/results/{shared}/shares", wanted)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/granteeId"
    assert (await taking.call(who, "GET", f"/assessments/results/{shared}")).status_code == 404


async def test_a_mentor_who_becomes_the_manager_sees_nothing_any_more(taking, shared, profile):
    path = f"/assessments/results/{shared}"
    before = await taking.call("operator", "GET", path)

    await taking.done(
        "admin",
        "POST",
        f"/people/{taking.here.people['dev']}/assignments",
        {"managerId": taking.here.people["operator"], "changeReason": "TRANSFER"},
    )

    after = await taking.call("operator", "GET", path)
    words = await taking.call("operator", "GET", f"{path}/interpretations")
    writing = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": "More."})
    assert (before.status_code, after.status_code) == (200, 404)
    assert (words.status_code, writing.status_code) == (404, 404)


async def test_a_mentor_shares_nothing_on_and_removes_nothing(taking, shared):
    wanted = {
        "granteeId": taking.here.people["peer"],
        "role": "MENTOR",
        "until": "2099-01-01T00:00:00Z",
        "purpose": "Look at this.",
    }

    on = await taking.call("operator", "POST", f"/assessments/results/{shared}/shares", wanted)
    gone = await taking.call("operator", "DELETE", f"/assessments/results/{shared}")

    assert (on.status_code, gone.status_code) == (403, 403)
    assert len(await taking.results("dev")) == 1


async def raw_rows(profile: Harness, table: str, *, tenant, person) -> int:
    """What the runtime role reads by hand, without any predicate of the application."""
    async with profile.session() as session:
        for name, value in (("app.tenant", tenant), ("app.person", person)):
            setting = {"name": name, "value": str(value) if value else ""}
            await session.execute(text("SELECT set_config(:name, :value, true)"), setting)
        rows = await session.execute(text(f"SELECT * FROM {table}"))
        return len(rows.all())


async def test_a_raw_select_shows_answers_to_who_gave_them_and_results_to_whom_they_let_in(
    profile, taking, shared
):
    people, tenant = taking.here.people, profile.tenant_id

    async def seen(table: str, who: str | None):
        return await raw_rows(profile, table, tenant=tenant, person=people[who] if who else None)

    every = (None, "dev", "lead", "partner", "admin", "peer", "operator")
    answers = {who: await seen("assessments_answers", who) for who in every}
    results = {who: await seen("assessments_result", who) for who in every}
    words = {who: await seen("interpretations_confidant", who) for who in every}

    assert answers == dict.fromkeys(every, 0) | {"dev": 1}
    assert results == dict.fromkeys(every, 0) | {"dev": 1, "operator": 1}
    assert words == dict.fromkeys(every, 0) | {"dev": 2, "operator": 1}


async def test_whoever_is_let_in_changes_and_removes_no_row(profile, taking, shared):
    async with profile.session() as session:
        await session.execute(
            text("SELECT set_config('app.person', :me, true)"),
            {"me": taking.here.people["operator"]},
        )
        changed = await session.execute(text("UPDATE assessments_result SET taken_on = now()"))
        removed = await session.execute(text("DELETE FROM assessments_result"))

    assert (changed.rowcount, removed.rowcount) == (0, 0)


async def test_no_bulk_door_and_no_fact_carries_a_result(profile, shared):
    """What can be written as NDJSON are instruments, texts and occupations: no row has room for a person."""
    rows = (InstrumentRow, InterpretationRow, OccupationRow)
    members = {name for row in rows for name in row.model_fields}
    facts = [each for each in await profile.published() if "assessment" in each["type"]]

    assert not any("person" in name for name in members)
    assert facts
    kinds = {type(value) for each in facts for value in each["payload"].values()}
    assert kinds <= {str, type(None)}
    told = [json.dumps(each["payload"]) for each in await profile.published()]
    assert not any(SCORE.search(each) for each in told)
    assert not any(words in each for words in ("CALM", SAID, MEANT) for each in told)
