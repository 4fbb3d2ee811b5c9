"""Networks: nobody but the owner sees them; an introduction is known to no one before it is their turn."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared import clock
from tests.services.profile.test_views import select

EVERYBODY = ("dev", "lead", "head", "chief", "peer", "operator", "partner", "admin")
MARY = {"name": "Mary Canary", "organisation": "Elsewhere", "relation": "FRIEND", "note": "Met."}
INTERVIEW = {
    "purpose": "INFORMATION",
    "heldOn": "2026-03-01",
    "questions": "How does a week look?",
    "notes": "Much travel.",
    "followUpOn": "2026-04-01",
}


@pytest.fixture
def send(profile, here):
    async def send(by, method, path, version=None, **body):
        headers = {**here.as_(by), **({"If-Match": f'"{version}"'} if version else {})}
        json_body = {"json": body} if body else {}
        url = f"/network{path}"
        return await profile.client.request(method, url, headers=headers, **json_body)

    return send


@pytest.fixture
async def mary(send):
    made = await send("dev", "POST", "/contacts", **MARY)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_contact_is_kept_changed_and_removed_with_its_talks(send, mary):
    path = f"/contacts/{mary['id']}"
    talk = (await send("dev", "POST", f"{path}/interactions", **INTERVIEW)).json()
    changed = await send("dev", "PATCH", path, version=1, note="Met again.")
    stale = await send("dev", "PATCH", path, version=1, note="Lost.")

    assert {name: talk[name] for name in INTERVIEW} == INTERVIEW
    assert (changed.json()["note"], changed.json()["name"]) == ("Met again.", "Mary Canary")
    assert (changed.headers["etag"], stale.status_code) == ('"2"', 412)
    assert (await send("dev", "DELETE", path)).status_code == 204
    assert (await send("dev", "GET", path)).status_code == 404
    assert (await send("dev", "GET", f"/interactions/{talk['id']}")).status_code == 404


async def test_a_follow_up_is_due_until_it_is_done(send, mary):
    talk = (await send("dev", "POST", f"/contacts/{mary['id']}/interactions", **INTERVIEW)).json()

    async def due(day):
        return len((await send("dev", "GET", f"/interactions?followUpBy={day}")).json())

    assert (await due("2026-03-31"), await due("2026-04-01")) == (0, 1)
    done = await send("dev", "PATCH", f"/interactions/{talk['id']}", version=1, followedUp=True)
    assert done.json()["followedUpAt"] is not None
    assert await due("2026-04-01") == 0


async def test_nobody_but_the_owner_finds_it_through_any_door(send, ask, here, mary, profile):
    talk = (await send("dev", "POST", f"/contacts/{mary['id']}/interactions", **INTERVIEW)).json()
    dev = here.people["dev"]
    doors: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", f"/contacts/{mary['id']}", {}),
        ("PATCH", f"/contacts/{mary['id']}", {"version": 1, "note": "Mine."}),
        ("DELETE", f"/contacts/{mary['id']}", {}),
        ("POST", f"/contacts/{mary['id']}/interactions", INTERVIEW),
        ("GET", f"/interactions/{talk['id']}", {}),
        ("DELETE", f"/interactions/{talk['id']}", {}),
    )
    for other in EVERYBODY[1:]:
        statuses = [
            (await send(other, method, path, **body)).status_code for method, path, body in doors
        ]
        lists = [(await send(other, "GET", path)).json() for path in ("/contacts", "/interactions")]
        views = [
            (await ask(view, "person", select("id"), other, shape="list", keys=[dev]))[dev]
            for view in ("contacts", "interactions")
        ]
        by_id = await ask("contacts", "id", select("name"), other, keys=[mary["id"]])
        assert (statuses, lists, views, by_id) == ([404] * 6, [[], []], [[], []], {}), other
    machine = profile.integration("people:read", "people:write")
    assert (await profile.client.get("/network/contacts", headers=machine)).json() == []
    refused = await profile.client.post("/network/contacts", headers=machine, json=MARY)
    assert refused.status_code == 403
    assert (await send("dev", "GET", f"/contacts/{mary['id']}")).json() == mary


@pytest.mark.parametrize("table", ["network_contact", "network_interaction"])
async def test_the_database_itself_shows_it_to_its_owner_alone(profile, here, send, mary, table):
    await send("dev", "POST", f"/contacts/{mary['id']}/interactions", **INTERVIEW)
    counts = {}
    async with profile.session() as session:
        for who in ("", here.people["lead"], here.people["dev"]):
            await session.execute(text("SELECT set_config('app.person', :p, true)"), {"p": who})
            counts[who] = await session.scalar(text(f"SELECT count(*) FROM {table}"))

    assert list(counts.values()) == [0, 0, 1]


async def test_texts_are_sealed_at_rest_and_open_for_their_owner_in_views(
    profile, here, send, ask, mary
):
    await send("dev", "POST", f"/contacts/{mary['id']}/interactions", **INTERVIEW)
    dev = here.people["dev"]
    fields = select(
        "name",
        "note",
        "contactPersonId",
        interactions={"shape": "list", "select": select("questions", "summary", "heldOn")},
    )
    found = (await ask("contacts", "person", fields, "dev", shape="list", keys=[dev]))[dev]

    talk = {"questions": INTERVIEW["questions"], "summary": None, "heldOn": "2026-03-01"}
    assert found == [
        {"name": "Mary Canary", "note": "Met.", "contactPersonId": None, "interactions": [talk]}
    ]
    async with profile.session() as session:
        await session.execute(text("SELECT set_config('app.person', :p, true)"), {"p": dev})
        rows = await session.execute(
            text("SELECT c::text || i::text FROM network_contact c, network_interaction i")
        )
        dump = "".join(rows.scalars()).lower()
    for said in ("Mary Canary", "Met.", "Much travel.", "How does"):
        assert said.encode().hex() not in dump
        assert said.lower() not in dump


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": "X", "contactPersonId": "dev"},
        {"contactPersonId": "dev"},
        {"contactPersonId": "nobody"},
        {"name": "X", "ownerId": "lead"},
    ],
)
async def test_a_contact_is_one_colleague_or_one_name(send, here, wrong):
    ids = {**here.people, "nobody": str(UUID(int=1))}
    body = {name: ids.get(value, value) for name, value in wrong.items()}

    refused = await send("dev", "POST", "/contacts", **(body or {"relation": "PEER"}))

    assert refused.status_code == 422
    assert (await send("dev", "GET", "/contacts")).json() == []


@pytest.fixture
def introduction(send, here):
    async def introduction(by="dev", introducer="peer", target="operator"):
        people = {"introducerId": here.people[introducer], "targetId": here.people[target]}
        return await send(by, "POST", "/introductions", message="I would like to learn.", **people)

    return introduction


@pytest.fixture
def known(send, ask, here):
    """Who knows of an introduction and in which state, by REST and by views alike."""

    async def known():
        found = {}
        for who in EVERYBODY:
            rows = (await send(who, "GET", "/introductions")).json()
            me = here.people[who]
            fields = select("state", "part", "message", "targetEmail")
            shown = (await ask("introductions", "person", fields, who, shape="list", keys=[me]))[me]
            assert [{name: row[name] for name in fields_of(fields)} for row in rows] == shown
            if rows:
                found[who] = rows[0]["state"]
        return found

    return known


def fields_of(fields):
    return [each["field"] for each in fields]


async def test_an_introduction_goes_from_yes_to_yes(introduction, known, send, here):
    asked = (await introduction()).json()
    path = f"/introductions/{asked['id']}"
    early = await send("operator", "POST", f"{path}/accept")

    assert await known() == {"dev": "ASKED", "peer": "ASKED"}
    assert early.status_code == (await send("operator", "GET", path)).status_code == 404
    await send("peer", "POST", f"{path}/accept")
    assert await known() == {"dev": "ASKED", "peer": "OFFERED", "operator": "OFFERED"}
    assert (await send("dev", "GET", path)).json()["targetEmail"] is None
    await send("operator", "POST", f"{path}/accept")
    assert await known() == dict.fromkeys(("dev", "peer", "operator"), "ACCEPTED")
    met = (await send("dev", "GET", path)).json()
    assert met["targetEmail"] == f"operator@{here.tenant_id}.test"
    assert (await send("operator", "GET", path)).json()["message"] == "I would like to learn."


async def test_a_no_of_the_introducer_reaches_nobody(introduction, known, send):
    asked = (await introduction()).json()
    before = (await send("dev", "GET", f"/introductions/{asked['id']}")).json()
    await send("peer", "POST", f"/introductions/{asked['id']}/decline")

    assert await known() == {"dev": "ASKED", "peer": "DECLINED"}
    assert (await send("dev", "GET", f"/introductions/{asked['id']}")).json() == before


async def test_a_no_of_who_is_to_be_met_reaches_nobody(introduction, known, send):
    asked = (await introduction()).json()
    path = f"/introductions/{asked['id']}"
    await send("peer", "POST", f"{path}/accept")
    before = [(await send(who, "GET", path)).json() for who in ("dev", "peer")]
    await send("operator", "POST", f"{path}/decline")

    assert await known() == {"dev": "ASKED", "peer": "OFFERED", "operator": "DECLINED"}
    assert [(await send(who, "GET", path)).json() for who in ("dev", "peer")] == before
    assert (await send("operator", "POST", f"{path}/accept")).status_code == 409


async def test_only_who_is_asked_answers_and_only_once(introduction, send, known):
    asked = (await introduction()).json()
    path = f"/introductions/{asked['id']}"
    statuses = {
        who: (await send(who, "POST", f"{path}/accept")).status_code
        for who in EVERYBODY
        if who != "peer"
    }

    assert statuses == {"dev": 403} | dict.fromkeys(
        ("lead", "head", "chief", "operator", "partner", "admin"), 404
    )
    assert await known() == {"dev": "ASKED", "peer": "ASKED"}
    assert (await introduction()).json()["id"] == asked["id"]
    await send("peer", "POST", f"{path}/accept")
    assert (await send("peer", "POST", f"{path}/accept")).status_code == 409


async def test_an_ask_ends_after_its_term(introduction, send, time_machine):
    asked = (await introduction()).json()
    time_machine.move_to(clock.now() + timedelta(days=30))
    path = f"/introductions/{asked['id']}"

    assert (await send("dev", "GET", path)).json()["state"] == "EXPIRED"
    assert (await send("peer", "POST", f"{path}/accept")).status_code == 409


@pytest.mark.parametrize("parts", [("dev", "operator"), ("peer", "dev"), ("peer", "peer")], ids=str)
async def test_three_people_take_part_in_an_introduction(introduction, known, parts):
    refused = await introduction(introducer=parts[0], target=parts[1])

    assert refused.status_code == 422
    assert await known() == {}


@pytest.mark.parametrize("erased", ["dev", "peer", "operator"])
async def test_an_erased_person_takes_their_network_along(
    introduction, mary, send, profile, here, erased
):
    await introduction()
    url = f"/people/{here.people[erased]}/erasure"
    await profile.client.post(
        url, json={"reason": "Asked."}, headers=profile.integration("people:erase")
    )
    left: dict[str, int] = {}
    async with profile.session() as session:
        for who in ("dev", "peer", "operator"):
            as_who = text("SELECT set_config('app.person', :p, true)")
            await session.execute(as_who, {"p": here.people[who]})
            for table in ("network_contact", "network_introduction"):
                count = await session.scalar(text(f"SELECT count(*) FROM {table}"))
                left[table] = left.get(table, 0) + count
        keys = await session.execute(text("SELECT person_id::text, wrapped FROM person_key"))
        destroyed = {row.person_id for row in keys if row.wrapped is None}

    assert left == {"network_contact": 0 if erased == "dev" else 1, "network_introduction": 0}
    assert here.people[erased] in destroyed
