"""An export: everything that is held about somebody, for their eyes, with nobody else in it."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.profile.exports import writing
from shared import clock
from shared.jobs import Job
from shared.tenancy import Principal

EVERYBODY = ("lead", "head", "chief", "peer", "operator", "partner", "admin")

OF_OTHER_SLICES = (
    "skill-tests",
    "assessment-sessions",
    "assessment-answers",
    "assessment-results",
    "interpretations",
    "experience",
    "experience-revisions",
    "baselines",
    "baseline-levels",
    "journal-reflection",
    "journal-note",
    "journal-aspiration",
    "journal-own-view",
    "journal-insight",
    "ratings-received",
    "ratings-given",
)


@pytest.fixture
def order(profile, here):
    async def order(by="dev", of="dev"):
        url = f"/people/{here.people[of]}/export"
        return await profile.client.post(url, headers=here.as_(by))

    return order


@pytest.fixture
def prepare(profile, here):
    async def prepare(export, of="dev"):
        async with profile.session() as session:
            await writing.prepare(
                session,
                Principal.system(here.tenant_id, "test"),
                export_id=UUID(export["id"]),
                person_id=UUID(here.people[of]),
            )

    return prepare


@pytest.fixture
def fetch(profile, here):
    async def fetch(export, by="dev"):
        url = f"/exports/{export['id']}/archive"
        return await profile.client.get(url, headers=here.as_(by))

    return fetch


def unpacked(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
async def held(profile, here, say, coding):
    """Something in most files, and other people in it."""
    assert (await say("lead", "MANAGER", 3.0)).status_code == 201
    assert (await say("dev", "SELF", 4.0)).status_code == 201
    dev, as_dev = here.people["dev"], here.as_("dev")

    async def post(path, body):
        made = await profile.client.post(path, json=body, headers=as_dev)
        assert made.status_code == 201, made.text
        return made.json()

    await post(f"/people/{dev}/credentials", {"type": "DEGREE", "name": "Physics", "issuer": "ETH"})
    consent = {"scope": "EXPERTISE", "purpose": "P", "granteeId": here.people["operator"]}
    await post(f"/people/{dev}/consents", consent)
    contact = await post("/network/contacts", {"name": "Mary", "note": "Sealed note"})
    talk = {"purpose": "SUPPORT", "heldOn": "2026-01-01", "summary": "Sealed summary"}
    await post(f"/network/contacts/{contact['id']}/interactions", talk)
    colleague = {"contactPersonId": here.people["peer"], "relation": "COLLEAGUE"}
    await post("/network/contacts", colleague)
    people = {"introducerId": here.people["peer"], "targetId": here.people["operator"]}
    await post("/network/introductions", {**people, "message": "Sealed ask"})
    seen = await profile.client.get(f"/skills/levels?personId={dev}", headers=here.as_("lead"))
    assert seen.status_code == 200


async def test_everything_is_in_it_and_the_manifest_says_how_to_check_it(
    held, order, prepare, fetch, profile, here
):
    export = (await order()).json()
    await prepare(export)
    url = f"/exports/{export['id']}"
    ready = (await profile.client.get(url, headers=here.as_("dev"))).json()
    answer = await fetch(export)
    files = unpacked(answer)
    manifest = json.loads(files.pop("manifest.json"))

    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "application/zip",
        "no-store",
    )
    assert ready["state"] == "READY"
    assert ready["manifest"] == manifest
    assert (manifest["schemaVersion"], manifest["personId"]) == ("1.0", here.people["dev"])
    assert {f["name"]: (f["sha256"], f["bytes"], f["count"]) for f in manifest["files"]} == {
        name: (hashlib.sha256(content).hexdigest(), len(content), len(json.loads(content)))
        for name, content in files.items()
    }
    counts = {f["name"].removesuffix(".json"): f["count"] for f in manifest["files"]}
    assert counts == {
        "person": 1,
        "assignments": 1,
        "external-identifiers": 1,
        "grants": 0,
        "units-led": 0,
        "skill-assertions": 2,
        "skill-assertion-steps": counts["skill-assertion-steps"],
        "skill-estimates": 1,
        "skills": 1,
        "credentials": 1,
        **dict.fromkeys(OF_OTHER_SLICES, 0),
        "consents-given": 1,
        "consents-received": 0,
        "access-log": 1,
        "contacts": 2,
        "interactions": 1,
        "introductions-asked": 1,
        "introductions-to-make": 0,
        "introductions-offered": 0,
    }


async def test_texts_are_opened_and_other_people_are_only_their_part(
    held, order, prepare, fetch, here
):
    export = (await order()).json()
    await prepare(export)
    files: dict[str, Any] = {
        name.removesuffix(".json"): json.loads(content)
        for name, content in unpacked(await fetch(export)).items()
    }

    by_source = {each["source"]: each for each in files["skill-assertions"]}
    assert by_source["MANAGER"]["assessorId"] == "MANAGER"
    assert by_source["SELF"]["assessorId"] == "SELF"
    assert files["person"][0]["managerId"] == "MANAGER"
    assert files["consents-given"][0]["granteeId"] == "COLLEAGUE"
    assert [(e["readerId"], e["via"]) for e in files["access-log"]] == [("MANAGER", "MANAGER")]
    assert files["contacts"][0]["name"] == "Mary"
    assert files["contacts"][0]["note"] == "Sealed note"
    assert files["contacts"][1]["contactPersonId"] == "COLLEAGUE"
    assert files["interactions"][0]["summary"] == "Sealed summary"
    assert files["introductions-asked"][0]["message"] == "Sealed ask"
    assert files["skills"][0]["code"] == "coding"
    badge = files["credentials"][0]["openBadge"]
    assert badge["credentialSubject"]["achievement"]["name"] == "Physics"
    assert files["access-log"][0]["reader"] == "MANAGER"
    whole = json.dumps(files)
    for other in EVERYBODY:
        assert here.people[other] not in whole, other
        assert f"{other}@" not in whole


@pytest.mark.parametrize("actor", EVERYBODY)
async def test_nobody_else_orders_reads_or_fetches_it(order, prepare, fetch, profile, here, actor):
    refused = await order(by=actor)
    export = (await order()).json()
    await prepare(export)
    url = f"/exports/{export['id']}"

    assert refused.status_code == 404
    assert (await profile.client.get(url, headers=here.as_(actor))).status_code == 404
    assert (await fetch(export, by=actor)).status_code == 404
    assert (await fetch(export)).status_code == 200


async def test_machines_export_nobody(profile, here):
    url = f"/people/{here.people['dev']}/export"
    headers = profile.integration("people:read", "people:write", "people:erase")

    assert (await profile.client.post(url, headers=headers)).status_code == 404


async def test_an_open_order_is_joined_and_its_fact_names_ids_alone(
    order, prepare, fetch, profile, here
):
    first, second = await order(), await order()
    export = first.json()
    before = await fetch(export)
    for _ in range(2):
        await prepare(export)

    assert (first.status_code, second.json()["id"]) == (202, export["id"])
    assert first.headers["Location"] == f"/exports/{export['id']}"
    assert (export["state"], before.status_code) == ("PREPARING", 404)
    (fact,) = await profile.published("waymark.profile.subject.export_ready.v1")
    assert fact["subject"] == export["id"]
    assert fact["payload"].keys() == {"exportId", "personId", "readyAt", "expiresAt"}
    assert (await order()).json()["id"] != export["id"]


async def test_the_files_go_when_their_term_is_over(
    order, prepare, fetch, profile, here, time_machine
):
    export = (await order()).json()
    await prepare(export)
    time_machine.move_to(clock.now() + timedelta(hours=24))
    arguments = {"id": export["id"], "person": here.people["dev"]}
    principal = Principal.system(here.tenant_id, "test")
    late = await fetch(export)
    job = Job(UUID(int=1), writing.EXPIRE, here.tenant_id, arguments, 0)
    await writing.expire(profile.service.database, principal, job)
    url = f"/exports/{export['id']}"

    assert late.status_code == 404
    assert (await profile.client.get(url, headers=here.as_("dev"))).json()["state"] == "EXPIRED"
    assert await archives(profile, here.people["dev"]) == [None]


async def archives(profile, person_id):
    async with profile.session() as session:
        await session.execute(text("SELECT set_config('app.person', :p, true)"), {"p": person_id})
        return list(await session.scalars(text("SELECT archive FROM exports_export")))


async def test_an_archive_is_sealed_and_goes_with_the_person(
    held, order, prepare, fetch, profile, here
):
    export = (await order()).json()
    await prepare(export)
    (stored,) = await archives(profile, here.people["dev"])
    (hidden,) = [await archives(profile, here.people["admin"])]
    url = f"/people/{here.people['dev']}/erasure"
    erase = profile.integration("people:erase")
    await profile.client.post(url, json={"reason": "Asked."}, headers=erase)

    assert b"PK" not in stored[:64]
    assert hidden == []
    assert await archives(profile, here.people["dev"]) == []
    assert (await fetch(export)).status_code in (403, 404)


async def test_an_order_of_a_person_who_is_erased_meanwhile_writes_nothing(
    order, prepare, profile, here
):
    export = (await order()).json()
    url = f"/people/{here.people['dev']}/erasure"
    erase = profile.integration("people:erase")
    await profile.client.post(url, json={"reason": "Asked."}, headers=erase)
    await prepare(export)

    assert await profile.published("waymark.profile.subject.export_ready.v1") == []


async def test_who_is_to_be_met_learns_of_it_by_no_export_before_the_yes(
    held, order, prepare, fetch, profile, here
):
    async def offered():
        export = (await order(by="operator", of="operator")).json()
        await prepare(export, of="operator")
        return json.loads(
            unpacked(await fetch(export, by="operator"))["introductions-offered.json"]
        )

    before = await offered()
    mine = await profile.client.get("/network/introductions", headers=here.as_("dev"))
    url = f"/network/introductions/{mine.json()[0]['id']}/accept"
    assert (await profile.client.post(url, headers=here.as_("peer"))).status_code == 200

    assert (before, [each["requesterId"] for each in await offered()]) == ([], ["COLLEAGUE"])
