"""Credentials: declared by people, issued, ended and taken back by other systems."""

from datetime import UTC, datetime, time, timedelta
from itertools import permutations
from typing import Any

import pytest
import time_machine

from services.profile.credentials import expiry
from shared import clock
from shared.ids import new_id
from shared.tenancy import Principal
from tests.services.profile.hris import Hris

CREDENTIAL = {"externalId": "C-1", "type": "certification", "name": "Cloud", "issuer": "Academy"}
DEV = {"externalId": "dev"}


@pytest.fixture
def hris(profile):
    return Hris(profile)


@pytest.fixture
def held(profile, here):
    async def held(viewer="dev", of="dev"):
        url = f"/people/{here.people[of]}/credentials"
        return await profile.client.get(url, headers=here.as_(viewer))

    return held


async def issued(hris, person=DEV, **told):
    told = {"issuedOn": "2025-01-01", "credential": CREDENTIAL, **told}
    await hris.say("credential.issued", "c", person=person, **told)


async def verbs(profile):
    facts = await profile.published()
    prefix = "waymark.profile.credential."
    return [f["type"].removeprefix(prefix) for f in facts if f["type"].startswith(prefix)]


async def test_an_issued_credential_is_verified_and_told_once(hris, held, profile):
    for _ in range(2):
        await issued(hris, expiresOn="2099-01-01", url="https://badges.example/c1")

    (credential,) = (await held()).json()
    assert (credential["type"], credential["sourceType"]) == ("CERTIFICATION", "certification")
    assert (credential["verification"], credential["expiresOn"]) == ("VERIFIED", "2099-01-01")
    assert credential["credentialUrl"] == "https://badges.example/c1"
    assert await verbs(profile) == ["added.v1"]
    (fact,) = await profile.published("waymark.profile.credential.added.v1")
    assert (fact["sequence"], fact["subject"]) == (1, credential["id"])
    assert fact["payload"]["personId"] == credential["personId"]


async def test_a_word_and_an_address_of_no_known_kind_are_kept_harmless(hris, held):
    strange = {"type": "Nano-degree", "name": "Cloud"}
    await issued(hris, credential=strange, url="javascript:alert(1)")

    (credential,) = (await held()).json()
    assert (credential["type"], credential["sourceType"]) == ("OTHER", "Nano-degree")
    assert credential["credentialUrl"] is None


async def test_a_credential_is_taken_back_and_can_be_issued_again(hris, held, profile):
    await issued(hris)
    revoked: dict[str, Any] = {"person": DEV, "credential": CREDENTIAL, "revokedOn": "2025-06-01"}
    await hris.say("credential.revoked", "c", **revoked)
    (taken,) = (await held()).json()
    await hris.say("credential.revoked", "c", **revoked)
    await issued(hris, issuedOn="2025-07-01")
    (back,) = (await held()).json()

    assert (taken["verification"], taken["revokedOn"]) == ("REVOKED", "2025-06-01")
    assert (back["verification"], back["revokedOn"], back["id"]) == ("VERIFIED", None, taken["id"])
    assert await verbs(profile) == ["added.v1", "revoked.v1", "added.v1"]


async def test_a_credential_runs_out_on_its_day_and_is_renewed(hris, here, held, profile):
    day = clock.today() + timedelta(days=3)
    await issued(hris, expiresOn=day.isoformat())
    system = Principal.system(here.tenant_id, "profile.credentials.expire")

    with time_machine.travel(datetime.combine(day, time.min, UTC)):
        async with profile.session() as session:
            ended = [
                await expiry.expire_due(session, system, today=clock.today()) for _ in range(2)
            ]
    (credential,) = (await held()).json()
    await hris.say(
        "credential.expired", "c", person=DEV, credential=CREDENTIAL, expiredOn=day.isoformat()
    )
    told = await verbs(profile)
    await issued(hris, expiresOn="2099-01-01")
    (renewed,) = (await held()).json()

    assert (ended, credential["expiredOn"]) == ([1, 0], day.isoformat())
    assert credential["verification"] == "VERIFIED"
    assert told == ["added.v1", "expired.v1"]
    assert (renewed["expiredOn"], renewed["expiresOn"]) == (None, "2099-01-01")


async def test_what_had_run_out_when_it_was_told_is_told_as_ended(here, hris, profile):
    await issued(hris, issuedOn="2020-01-01", expiresOn="2023-01-01")

    assert await verbs(profile) == ["added.v1", "expired.v1"]


@pytest.mark.parametrize("order", list(permutations(["person", "issued", "revoked"])))
async def test_every_order_of_arrival_ends_the_same(profile, order):
    hris, who = Hris(profile), {"externalId": "E1"}
    words: dict[str, dict[str, Any]] = {
        "issued": {"issuedOn": "2025-01-01"},
        "revoked": {"revokedOn": "2025-06-01"},
    }
    for verb in order:
        hris.minutes = ["person", "issued", "revoked"].index(verb)
        if verb == "person":
            await hris.person("E1", workEmail="e1@example.test")
        else:
            told: dict[str, Any] = {"person": who, "credential": CREDENTIAL, **words[verb]}
            await hris.say(f"credential.{verb}", "c", **told)

    person = (await hris.people())["E1"]["id"]
    caller = profile.token("e1@example.test")
    shown = await profile.client.get(f"/people/{person}/credentials", headers=caller)
    (credential,) = shown.json()
    assert (credential["verification"], credential["issuedOn"]) == ("REVOKED", "2025-01-01")
    assert credential["revokedOn"] == "2025-06-01"
    assert await hris.waiting() == []


async def test_people_declare_their_own_and_only_their_own(here, held, profile):
    url = f"/people/{here.people['dev']}/credentials"
    body = {"type": "DEGREE", "name": "Physics", "issuer": "ETH", "issuedOn": "2015-09-01"}

    made = await profile.client.post(url, json=body, headers=here.as_("dev"))
    others = [
        (await profile.client.post(url, json=body, headers=here.as_(name))).status_code
        for name in ("lead", "partner", "peer", "admin")
    ]
    wrong = await profile.client.post(
        url, json={**body, "expiresOn": "2014-01-01"}, headers=here.as_("dev")
    )
    script = await profile.client.post(
        url, json={**body, "credentialUrl": "javascript:x"}, headers=here.as_("dev")
    )

    assert (made.status_code, made.json()["verification"]) == (201, "DECLARED")
    assert (others, wrong.status_code, script.status_code) == ([403, 403, 404, 404], 422, 422)
    assert [each["name"] for each in (await held()).json()] == ["Physics"]
    assert await verbs(profile) == ["added.v1"]


async def test_credentials_are_read_by_the_line_and_hr_alone(hris, here, held):
    await issued(hris)

    codes = {
        viewer: (await held(viewer)).status_code
        for viewer in ("dev", "lead", "head", "partner", "peer", "operator", "admin")
    }
    unknown = await held("dev", of="lead")

    assert codes == {
        "dev": 200,
        "lead": 200,
        "head": 200,
        "partner": 200,
        "peer": 404,
        "operator": 404,
        "admin": 404,
    }
    assert unknown.status_code == 404


async def test_the_gateway_reads_what_the_caller_may(hris, here, profile):
    await issued(hris)
    ask = '{"by":"person","shape":"list","with":{},"select":[{"as":"name","field":"name"}]}'
    dev = here.people["dev"]

    async def shown(viewer):
        response = await profile.client.post(
            "/views",
            content=f"credentials\n{ask}\n[]\n{dev}",
            headers={**here.as_(viewer), "Content-Type": "text/plain"},
        )
        assert response.status_code == 200, response.text
        return response.text

    assert '"Cloud"' in await shown("lead")
    assert '"Cloud"' not in await shown("peer")


async def test_a_credential_of_nobody_known_waits_and_is_of_one_tenant(hris, here, held, profile):
    await issued(hris, person={"email": "late@example.test"})
    waiting = await hris.waiting()
    other, profile.tenant_id = profile.tenant_id, new_id()
    await Hris(profile).person("late", workEmail="late@example.test")
    profile.tenant_id = other
    still = await hris.waiting()

    await hris.person("late", workEmail="Late@example.test")

    assert waiting == still == [("CREDENTIAL", "issued", "UNKNOWN_PERSON")]
    assert await hris.waiting() == []
