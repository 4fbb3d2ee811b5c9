"""Marked names, e-mails and comments go through the doors, and then stand in no log line, metric or trace."""

import io
import logging
import sys
from uuid import UUID

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest

from services.profile.exports import writing
from shared import logs, telemetry
from shared.tenancy import Principal
from tests.services.profile.conftest import imported
from tests.services.profile.test_views import select

NAME, EMAIL, SAID = "Canaria Serin", "canaria@birds.test", "yellow feathers everywhere"
MARKS = ("canaria", "serin", "feathers")


@pytest.fixture
def spans(monkeypatch):
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    with provider.get_tracer("test").start_as_current_span("request"):
        yield exporter


@pytest.fixture
def lines(monkeypatch):
    """What a process of ours would write, with everything from DEBUG on."""
    written = io.StringIO()
    before, config = logging.getLogger().handlers[:], structlog.get_config()
    monkeypatch.setattr(sys, "stdout", written)
    logs.configure("DEBUG", service="profile-api")
    yield written
    structlog.configure(**config)
    structlog.contextvars.unbind_contextvars("service")
    logging.basicConfig(handlers=before, level=logging.WARNING, force=True)
    logs._written.service = None


@pytest.fixture
async def canary(profile, here):
    """The headers and the id of somebody marked."""
    row = {
        "system": "hris",
        "key": "canary",
        "displayName": NAME,
        "preferredName": NAME,
        "workEmail": EMAIL,
        "managerKey": "lead",
        "orgUnitKey": "eng",
    }
    (verdict,) = await imported(profile, "people", [row])
    return profile.token(EMAIL), verdict["id"]


@pytest.fixture
def through(profile, canary, here, coding):
    """Sends what is marked through every door of consents, networks, exports and skills; also what is refused."""
    headers, person_id = canary
    peer, operator = here.people["peer"], here.people["operator"]
    own = f"/people/{person_id}"
    introduction = {"introducerId": peer, "targetId": operator, "message": SAID}
    assertion = {"personId": person_id, "skillId": coding, "source": "SELF", "level": 3}
    contact = {"name": NAME, "organisation": SAID, "note": EMAIL}
    doors = [
        (f"{own}/consents", {"scope": "EXPERTISE", "purpose": SAID}, 201),
        (f"{own}/consents", {"scope": SAID, "purpose": SAID, NAME: EMAIL}, 422),
        (f"{own}/consents", {"scope": "EXPERTISE", "purpose": SAID, "granteeId": person_id}, 422),
        ("/network/contacts", contact, 201),
        ("/network/contacts", {**contact, "relation": SAID, "contactPersonId": peer}, 422),
        ("/network/introductions", introduction, 201),
        ("/network/introductions", {**introduction, "targetId": NAME}, 422),
        (f"{own}/credentials", {"type": "DEGREE", "name": SAID, "issuer": NAME}, 201),
        (f"{own}/export", None, 202),
        ("/skills/assertions", {**assertion, "note": SAID}, 201),
        ("/skills/assertions", {**assertion, "level": SAID}, 422),
        ("/people", {"displayName": NAME, "workEmail": EMAIL}, 403),
    ]

    async def through():
        answers = {}
        for path, body, status in doors:
            answer = await profile.client.post(path, json=body, headers=headers)
            assert answer.status_code == status, (path, answer.text)
            answers[path, status] = answer.json()
        made = answers["/network/contacts", 201]["id"]
        talk = {"purpose": "INFORMATION", "heldOn": "2026-01-01", "questions": SAID, "notes": NAME}
        path = f"/network/contacts/{made}/interactions"
        assert (await profile.client.post(path, json=talk, headers=headers)).status_code == 201
        taken = {"displayName": NAME, "workEmail": EMAIL}
        refused = await profile.client.post("/people", json=taken, headers=here.as_("admin"))
        assert refused.status_code == 409
        return answers[f"{own}/export", 202]["id"]

    return through


async def _export(profile, here, export_id, person_id):
    system = Principal.system(here.tenant_id, "test")
    async with profile.session() as session:
        ids = {"export_id": UUID(export_id), "person_id": UUID(person_id)}
        await writing.prepare(session, system, **ids)


async def test_what_people_write_is_in_no_log_metric_or_trace(
    profile, here, canary, through, ask, spans, lines
):
    headers, person_id = canary
    export_id = await through()
    await _export(profile, here, export_id, person_id)
    opened = await profile.client.get("/network/contacts", headers=headers)
    wrong = f'people\n{{\n["{SAID}"]\n{person_id}'
    unreadable = await profile.client.post("/views", content=wrong, headers=headers)
    shown = await ask("people", "id", select("displayName"), "lead", keys=[person_id])
    await profile.service.access_log.write()
    profile.service.database, real = Broken(), profile.service.database
    broken = await profile.client.post("/network/contacts", json={"name": NAME}, headers=headers)
    profile.service.database = real
    url = f"/people/{person_id}/erasure"
    erase = profile.integration("people:erase")
    erased = await profile.client.post(url, json={"reason": SAID}, headers=erase)

    assert erased.status_code == 202, erased.text
    assert opened.json()[0]["name"] == shown[person_id]["displayName"] == NAME
    assert (unreadable.status_code, broken.status_code) == (400, 500)
    traced = [span.to_json() for span in spans.get_finished_spans()]
    kept = {
        "logs": lines.getvalue(),
        "metrics": generate_latest().decode(),
        "traces": "\n".join(traced),
    }
    assert "INSERT" in kept["traces"]
    assert "waymark_http_requests_total" in kept["metrics"]
    assert "RuntimeError" in kept["logs"]
    found = {
        (where, mark) for where, text in kept.items() for mark in MARKS if mark in text.lower()
    }
    assert found == set()


async def test_facts_of_private_things_tell_nothing_that_was_written(
    profile, here, canary, through
):
    _, person_id = canary
    await _export(profile, here, await through(), person_id)

    private = ("consent", "subject", "network")
    told = [f for f in await profile.published() if f["type"].split(".")[2] in private]
    assert {fact["type"] for fact in told} == {
        "waymark.profile.consent.granted.v1",
        "waymark.profile.subject.export_ready.v1",
    }
    whole = str(told).lower()
    assert [mark for mark in MARKS if mark in whole] == []


class Broken:
    """A database that fails in a way that nobody foresaw."""

    def transaction(self, tenant_id):
        raise RuntimeError("Broken")
