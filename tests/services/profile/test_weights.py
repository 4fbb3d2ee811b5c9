"""The weights of sources: who sets them, what is kept of it, and every estimate that follows."""

from uuid import UUID

import pytest

from services.profile.weights import commands
from services.profile.weights.schemas import WeightsChange
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Actor, Grant, Principal
from tests.services.profile.test_assertions import level_of, slug
from tests.unit.profile.trace_reader import recomputed

ADMIN = (Grant("ADMIN"),)


@pytest.fixture
def set_weights(profile, here):
    async def set_weights(by, version, reason="Tests are worth more here.", **weights):
        body = {
            "weights": [{"source": name, "weight": each} for name, each in weights.items()],
            "reason": reason,
        }
        headers = {**here.as_(by), "If-Match": f'"{version}"'}
        return await profile.client.put("/weights", json=body, headers=headers)

    return set_weights


async def reweigh(profile, here):
    system = Principal.system(here.tenant_id, commands.REWEIGH)
    job = Job(new_id(), commands.REWEIGH, here.tenant_id, {}, 1)
    await commands.reweigh(profile.service.database, system, job)


async def test_another_weight_moves_every_estimate_and_says_who_did_it(
    profile, here, say, set_weights
):
    await say("lead", "MANAGER", 2)
    await say("partner", "ASSESSMENT", 4)
    await say("lead", "MANAGER", 3, of="peer")
    before = await level_of(profile, here)

    changed = await set_weights("admin", 0, ASSESSMENT=0.1, PEER=0)
    waiting = await level_of(profile, here)
    await reweigh(profile, here)
    after = await level_of(profile, here)
    told = len(await profile.published("waymark.profile.skill_estimate.changed.v1"))
    await reweigh(profile, here)
    history = (await profile.client.get("/weights/versions", headers=here.as_("dev"))).json()

    assert (changed.status_code, changed.headers["etag"], changed.json()["version"]) == (
        200,
        '"1"',
        1,
    )
    assert before["level"] == waiting["level"] == pytest.approx((0.7 * 2 + 0.8 * 4) / 1.5)
    assert after["level"] == pytest.approx((0.7 * 2 + 0.1 * 4) / 0.8)
    assert after["level"] == pytest.approx(recomputed(after["contributions"])["level"], abs=1e-12)
    assert (before["weightsVersion"], after["weightsVersion"]) == (0, 1)
    assert len(await profile.published("waymark.profile.skill_estimate.changed.v1")) == told
    assert [each["version"] for each in history] == [1, 0]
    assert history[0]["changedById"] == here.people["admin"]
    assert (history[0]["reason"], history[1]["reason"]) == (
        "Tests are worth more here.",
        "Built in.",
    )
    weights = {each["source"]: each["weight"] for each in history[0]["weights"]}
    assert (weights["ASSESSMENT"], weights["PEER"], weights["MANAGER"]) == (0.1, 0.0, 0.7)
    assert "SELF" not in weights


async def test_weights_that_change_while_estimates_follow_reach_those_that_had_followed(
    profile, here, say, set_weights, monkeypatch
):
    monkeypatch.setattr(commands, "MOST_AT_ONCE", 1)
    for whom in ("dev", "peer"):
        await say("lead", "MANAGER", 2, of=whom)
        await say("partner", "ASSESSMENT", 4, of=whom)
    await set_weights("admin", 0, ASSESSMENT=0.1)
    some = commands.reweigh_some
    lasts: list[commands.Pair | None] = []

    async def disturbed(session, principal, *, after):
        if len(lasts) == 1:
            admin = Principal(
                here.tenant_id, "admin", Actor.PERSON, UUID(here.people["admin"]), grants=ADMIN
            )
            again = {"weights": [{"source": "ASSESSMENT", "weight": 0.4}], "reason": "Once more."}
            changes = WeightsChange.model_validate(again)
            await commands.change(session, admin, expected=1, changes=changes)
        lasts.append(await some(session, principal, after=after))
        return lasts[-1]

    monkeypatch.setattr(commands, "reweigh_some", disturbed)
    await reweigh(profile, here)
    levels = [await level_of(profile, here, whom) for whom in ("dev", "peer")]

    assert [each["weightsVersion"] for each in levels] == [2, 2]
    assert [last is None for last in lasts] == [False, False, True, False, True, True]


async def test_new_words_weigh_as_set_at_once(profile, here, say, set_weights):
    await set_weights("admin", 0, MANAGER=0.4)

    await say("lead", "MANAGER", 3)

    assert (await level_of(profile, here))["mass"] == 0.4


async def test_weights_are_an_administrators_and_nobody_overwrites_another(
    profile, here, set_weights
):
    nothing = await set_weights("admin", 0, MANAGER=0.7)
    employee = await set_weights("dev", 0, MANAGER=0.1)
    partner = await set_weights("partner", 0, MANAGER=0.1)
    own_word = await set_weights("admin", 0, SELF=0.9)
    too_much = await set_weights("admin", 0, MANAGER=1.1)
    first = await set_weights("admin", 0, MANAGER=0.6)
    late = await set_weights("admin", 0, MANAGER=0.5)

    assert (nothing.status_code, nothing.json()["version"]) == (200, 0)
    assert slug(employee) == slug(partner) == (403, "forbidden")
    assert slug(own_word) == slug(too_much) == (422, "invalid")
    assert (first.json()["version"], slug(late)) == (1, (412, "precondition-failed"))
    now = await profile.client.get("/weights", headers=here.as_("dev"))
    weights = {each["source"]: each["weight"] for each in now.json()["weights"]}
    assert weights["MANAGER"] == 0.6
