"""Every actor against every object of people: who sees the whole person, and who may do what."""

import pytest

from shared.ids import new_id
from tests.services.profile.conftest import organise

ACTORS = (
    "dev",
    "lead",
    "head",
    "peer",
    "operator",
    "partner",
    "admin",
    "reader",
    "writer",
    "stranger",
)
WHOLE = {"dev", "lead", "head", "partner", "admin", "reader", "writer"}


def headers_of(here, actor):
    clients = {"reader": ("people:read",), "writer": ("people:write",), "stranger": ("goals:read",)}
    if actor in clients:
        return here.harness.integration(*clients[actor], tenant=here.tenant_id)
    return here.as_(actor)


async def send(profile, here, actor, method, path, **body):
    headers = {**headers_of(here, actor), "If-Match": '"1"'}
    url = path.format(dev=here.people["dev"], eng=here.units["eng"])
    return await profile.client.request(method, url, headers=headers, **body)


@pytest.mark.parametrize("actor", ACTORS)
async def test_who_sees_how_much_of_a_person(profile, here, actor):
    response = await send(profile, here, actor, "GET", "/people/{dev}")

    if actor == "stranger":
        assert response.status_code == 404
        return
    shown = {name for name, value in response.json().items() if value is not None}
    card = {"id", "displayName", "roleTitle", "orgUnitId", "managerId"}
    whole = card | {
        "subject",
        "workEmail",
        "status",
        "hireDate",
        "level",
        "assignmentSince",
        "version",
    }
    assert shown == (whole if actor in WHOLE else card)
    assert ("etag" in response.headers) == (actor in WHOLE)


RULES = [
    ("GET", "/people/{dev}/assignments", None, WHOLE, 200),
    ("GET", "/people/{dev}/grants", None, {"dev", "admin"}, 200),
    ("GET", "/org-units/{eng}", None, set(ACTORS) - {"stranger"}, 200),
    ("POST", "/people", {"displayName": "X"}, {"admin", "writer"}, 201),
    ("PATCH", "/people/{dev}", {"preferredName": "D"}, {"partner", "admin", "writer"}, 200),
    ("PATCH", "/people/{dev}", {"workEmail": "d@x.test"}, {"admin", "writer"}, 200),
    ("POST", "/people/{dev}/assignments", {"level": "4"}, {"admin", "writer"}, 201),
    ("POST", "/people/{dev}/terminate", {}, {"admin", "writer"}, 200),
    ("POST", "/people/{dev}/grants", {"role": "ADMIN"}, {"admin"}, 201),
    ("POST", "/org-units", {"name": "X", "type": "TEAM"}, {"admin", "writer"}, 201),
    ("PATCH", "/org-units/{eng}", {"name": "X"}, {"admin", "writer"}, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "allowed", "status"), RULES)
async def test_who_may_do_what(profile, here, method, path, body, allowed, status):
    told = len(await profile.published())
    for actor in ACTORS:
        if actor not in allowed:
            response = await send(profile, here, actor, method, path, json=body)
            refusals = (404,) if actor == "stranger" and path != "/people" else (403, 404)
            assert (actor, response.status_code in refusals) == (actor, True)
    assert len(await profile.published()) == told

    for actor in allowed:
        fresh = await organise(profile, new_id())
        response = await send(profile, fresh, actor, method, path, json=body)
        assert (actor, response.status_code) == (actor, status)


async def test_an_hr_partner_reaches_their_units_and_no_others(profile, here):
    partner = here.as_("partner")

    inside = await profile.client.get(f"/people/{here.people['dev']}", headers=partner)
    outside = await profile.client.get(f"/people/{here.people['operator']}", headers=partner)

    assert inside.json()["workEmail"] is not None
    assert outside.json()["workEmail"] is None


async def test_everybody_sees_who_reports_to_whom(profile, here):
    url = f"/people/{here.people['head']}/reports"

    async def names(actor, depth):
        response = await profile.client.get(url, params={"depth": depth}, headers=here.as_(actor))
        return [person["displayName"] for person in response.json()]

    assert await names("head", 1) == ["Lead"]
    assert await names("head", 9) == ["Lead", "Dev", "Peer"]
    assert await names("lead", 9) == ["Lead", "Dev", "Peer"]
    assert await names("operator", 9) == ["Lead", "Dev", "Peer"]


async def test_a_status_filter_tells_nothing_about_colleagues(profile, here):
    await profile.client.patch(
        f"/people/{here.people['peer']}",
        json={"status": "ON_LEAVE"},
        headers={**here.hris, "If-Match": '"1"'},
    )

    async def on_leave(actor):
        response = await profile.client.get(
            "/people", params={"status": "ON_LEAVE"}, headers=here.as_(actor)
        )
        return [person["displayName"] for person in response.json()]

    assert await on_leave("dev") == []
    assert await on_leave("lead") == ["Peer"]
