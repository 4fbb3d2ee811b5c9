"""Every actor against experience: who reads it, who writes it, who stands for it."""

import pytest

from shared.ids import new_id
from tests.services.profile.conftest import organise

DONE = {"type": "PROJECT", "title": "Weaving", "startedOn": "2024-01-01"}
READERS = {"dev", "lead", "head", "chief", "partner"}
VERIFIERS = {"lead", "partner"}
ACTORS = (
    *("dev", "lead", "head", "chief", "peer", "operator", "partner", "admin"),
    *("reader", "writer", "elsewhere"),
)


async def caller(profile, here, actor):
    if actor == "elsewhere":
        return (await organise(profile, new_id())).as_("dev")
    if actor == "reader":
        return profile.integration("people:read", "skills:read", tenant=here.tenant_id)
    return here.hris if actor == "writer" else here.as_(actor)


@pytest.mark.parametrize("actor", ACTORS)
async def test_who_does_what_with_a_record(profile, here, actor):
    url = f"/people/{here.people['dev']}/experience"
    made = (await profile.client.post(url, json=DONE, headers=here.as_("dev"))).json()
    headers = {**await caller(profile, here, actor), "If-Match": '"1"'}
    reads = actor in READERS
    told = len(await profile.published())

    async def answers(method, path, body=None):
        answer = await profile.client.request(method, url + path, json=body, headers=headers)
        return answer.status_code

    one = f"/{made['id']}"
    assert await answers("GET", "") == (200 if reads else 404)
    assert await answers("GET", one) == (200 if reads else 404)
    assert await answers("GET", f"{one}/history") == (200 if reads else 404)
    if actor != "dev":
        refusal = 403 if reads else 404
        assert await answers("POST", "", DONE) == refusal
        assert await answers("PATCH", one, {"title": "X"}) == refusal
        assert await answers("POST", f"{one}/withdraw", {}) == refusal
    if actor not in VERIFIERS:
        refusal = 403 if reads else 404
        assert await answers("POST", f"{one}/object", {"reason": "No."}) == refusal
        assert await answers("POST", f"{one}/verify", {}) == refusal
        assert len(await profile.published()) == told or actor == "elsewhere"
        again = await profile.client.get(url + one, headers=here.as_("dev"))
        assert again.json() == made
    else:
        assert await answers("POST", f"{one}/verify", {}) == 200


@pytest.mark.parametrize("actor", ACTORS)
async def test_the_views_show_a_record_to_the_same(profile, here, ask, actor):
    url = f"/people/{here.people['dev']}/experience"
    await profile.client.post(url, json=DONE, headers=here.as_("dev"))
    private = DONE | {"title": "Mine alone", "visibility": "PRIVATE"}
    await profile.client.post(url, json=private, headers=here.as_("dev"))
    if actor in ("reader", "writer", "elsewhere"):
        return
    dev = here.people["dev"]
    fields = [{"as": "title", "field": "title"}]

    found = (await ask("experience", "person", fields, actor, shape="list", keys=[dev]))[dev]

    titles = {each["title"] for each in found}
    assert titles == (
        {"Weaving", "Mine alone"} if actor == "dev" else {"Weaving"} if actor in READERS else set()
    )
    career = (await ask("timeline", "person", fields, actor, shape="list", keys=[dev]))[dev]
    assert titles <= {each["title"] for each in career}
    assert ("Mine alone" in {each["title"] for each in career}) == (actor == "dev")


async def test_who_is_the_manager_no_longer_has_lost_the_record(profile, here):
    url = f"/people/{here.people['dev']}/experience"
    made = (await profile.client.post(url, json=DONE, headers=here.as_("dev"))).json()
    moved = {"managerId": here.people["operator"]}
    await profile.client.post(
        f"/people/{here.people['dev']}/assignments", json=moved, headers=here.as_("admin")
    )

    former = {**here.as_("lead"), "If-Match": '"1"'}
    new = {**here.as_("operator"), "If-Match": '"1"'}
    lost = await profile.client.post(f"{url}/{made['id']}/verify", json={}, headers=former)
    won = await profile.client.post(f"{url}/{made['id']}/verify", json={}, headers=new)

    assert (lost.status_code, won.status_code) == (404, 200)


async def test_who_is_let_in_by_name_sees_what_is_not_private(profile, here):
    url = f"/people/{here.people['dev']}/experience"
    made = (await profile.client.post(url, json=DONE, headers=here.as_("dev"))).json()
    life = DONE | {"type": "LIFE"}
    await profile.client.post(url, json=life, headers=here.as_("dev"))
    body = {"scope": "EXPERIENCE", "granteeId": here.people["peer"], "purpose": "My mentor."}
    before = await profile.client.get(url, headers=here.as_("peer"))

    granted = await profile.client.post(
        f"/people/{here.people['dev']}/consents", json=body, headers=here.as_("dev")
    )

    seen = await profile.client.get(url, headers=here.as_("peer"))
    headers = {**here.as_("peer"), "If-Match": '"1"'}
    refused = await profile.client.patch(
        f"{url}/{made['id']}", json={"title": "X"}, headers=headers
    )
    assert (before.status_code, granted.status_code, refused.status_code) == (404, 201, 403)
    assert [each["id"] for each in seen.json()] == [made["id"]]
