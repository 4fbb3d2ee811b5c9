"""How a connection is asked: who may set it up, where to, and a secret that never comes back."""

from uuid import UUID

import pytest
from sqlalchemy import text

from services.gateway.integrations.fetching.rules import SCHEDULE, next_night, next_try
from shared.addresses import AddressRules
from shared.clock import now
from shared.ids import new_id

from .fetching import sourced
from .inbound import connect, rows, strict
from .vending import CLIENT, SECRET, serving
from .vendors import HiBob


@pytest.fixture
async def hris(integrations):
    vendor = HiBob()
    with serving(vendor):
        yield await sourced(integrations, vendor, "HIBOB")


async def test_the_secret_is_sealed_and_never_answered(hris):
    answer = await hris.set_up()
    shown = await hris.call("GET", f"/connections/{hris.lms.id}/fetching")

    assert (answer.status_code, shown.status_code) == (200, 200)
    assert SECRET not in answer.text + shown.text
    assert shown.json() == answer.json()
    assert (shown.json()["clientId"], shown.json()["baseUrl"]) == (CLIENT, hris.vendor.address)
    (row,) = await rows(hris.lms, "SELECT sealed FROM fetching_source")
    assert SECRET.encode() not in bytes(row["sealed"])


async def test_the_secret_stays_for_the_same_host_and_is_not_carried_to_another(hris):
    same = await hris.set_up(secret=..., baseUrl=hris.vendor.address + "/sub")
    other = await hris.set_up(secret=..., baseUrl="https://collector.example")
    other_port = await hris.set_up(secret=..., baseUrl="http://127.0.0.1:1")

    assert same.status_code == 200
    assert (other.status_code, other_port.status_code) == (422, 422)
    assert other.json()["errors"][0]["pointer"] == "/secret"
    shown = (await hris.call("GET", f"/connections/{hris.lms.id}/fetching")).json()
    assert shown["baseUrl"].endswith("/sub")


@pytest.mark.parametrize(
    "url",
    [
        "http://hris.example",
        "https://127.0.0.1",
        "https://169.254.169.254/latest",
        "https://localhost",
        "https://user:pass@hris.example",
        "https://hris.example:8443",
        "https://hris.example/?q=1",
        "ftp://hris.example",
    ],
)
async def test_outside_of_development_only_public_https_is_asked(hris, monkeypatch, url):
    monkeypatch.setattr(AddressRules, "__getattribute__", strict)

    answer = await hris.set_up(baseUrl=url)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/baseUrl"


async def test_a_name_that_leads_to_a_private_address_is_not_asked(hris, monkeypatch):
    await hris.want("person", "31")
    monkeypatch.setattr(AddressRules, "__getattribute__", strict)

    await hris.tick()

    (row,) = await hris.fetch_backs()
    assert row["reason"] == "The source was not reached: ADDRESS_REFUSED."
    assert hris.vendor.asked == []


async def test_what_is_missing_is_named(integrations, hris):
    no_client = await hris.set_up(clientId=...)
    await hris.call("DELETE", f"/connections/{hris.lms.id}/fetching")
    no_secret = await hris.set_up(secret=...)
    unknown = await hris.call("GET", f"/connections/{hris.lms.id}/fetching")
    too_early = await hris.call("POST", f"/connections/{hris.lms.id}/reconcile")

    assert no_client.json()["errors"][0]["pointer"] == "/clientId"
    assert no_secret.json()["errors"][0]["pointer"] == "/secret"
    assert (unknown.status_code, too_early.status_code) == (404, 409)


async def test_a_vendor_that_is_not_asked_says_so(integrations):
    generic = await connect(integrations, name="Other")
    headers = integrations.integration("connections:write")
    wanted = {"baseUrl": "http://127.0.0.1:9", "secret": "t"}
    path, client = f"/connections/{generic.id}", integrations.client

    refused = await client.put(f"{path}/fetching", json=wanted, headers=headers)
    no_listing = await client.post(f"{path}/reconcile", headers=headers)

    assert (refused.status_code, no_listing.status_code) == (409, 409)


async def test_only_who_administers_connections_may(hris):
    path = f"/connections/{hris.lms.id}"
    reader = hris.lms.harness.integration("connections:read")
    nobody = hris.lms.harness.integration("people:write")
    client = hris.lms.harness.client
    wanted = {"baseUrl": hris.vendor.address, "clientId": CLIENT, "secret": SECRET}

    put = await client.put(f"{path}/fetching", json=wanted, headers=reader)
    read = await client.get(f"{path}/fetching", headers=reader)
    run = await client.post(f"{path}/reconcile", headers=reader)
    hidden = await client.get(f"{path}/fetching", headers=nobody)
    unlisted = await client.get("/fetch-backs", headers=nobody)

    assert (put.status_code, read.status_code, run.status_code) == (403, 200, 403)
    assert (hidden.status_code, unlisted.status_code) == (404, 404)
    assert await hris.runs() == []


async def test_another_tenant_sees_nothing(hris):
    stranger = hris.lms.harness.integration("connections:write", tenant=new_id())
    client = hris.lms.harness.client
    path = f"/connections/{hris.lms.id}"

    answers = [
        await client.get(f"{path}/fetching", headers=stranger),
        await client.delete(f"{path}/fetching", headers=stranger),
        await client.post(f"{path}/reconcile", headers=stranger),
        await client.get(f"{path}/reconciliations", headers=stranger),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await client.get("/fetch-backs", headers=stranger)).json() == []


async def test_a_source_that_was_set_up_anew_is_asked_at_once(hris):
    async with hris.lms.harness.session() as session:
        paused = "UPDATE fetching_source SET paused_until = now() + interval '1 h', problem = 'x'"
        await session.execute(text(paused))

    answer = await hris.set_up()

    assert (answer.json()["pausedUntil"], answer.json()["problem"]) == (None, None)


def test_waits_grow_and_end():
    waits = [next_try(tries) for tries in range(1, len(SCHEDULE) + 2)]

    assert waits[-1] is None
    for wait, planned in zip(waits, SCHEDULE, strict=False):
        assert wait is not None
        assert planned <= wait <= planned * 1.2


def test_each_connection_has_its_own_minute_of_the_night():
    moment = now().replace(hour=2, minute=7)
    later = next_night(UUID(int=7), 2, after=moment)
    sooner = next_night(UUID(int=8), 2, after=moment)

    assert (later.minute, sooner.minute) == (7, 8)
    assert (later - moment).total_seconds() > 23 * 3600
    assert (sooner - moment).total_seconds() < 120
