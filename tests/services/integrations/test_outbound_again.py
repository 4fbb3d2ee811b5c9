"""Stopping and going on: disabled, paused, replayed, and removed in the end."""

from datetime import timedelta

import pytest
import time_machine

from shared import clock


@pytest.mark.parametrize("reason", ["GONE", "FAILING"])
async def test_gone_and_five_days_of_failure_disable_and_say_so(outbound, receiver, reason):
    made = await outbound.subscribe(receiver.url)
    receiver.answers = [(410, {})] if reason == "GONE" else [(500, {})] * 3
    later = timedelta(days=5, seconds=1)

    await outbound.say()
    await outbound.tick()
    if reason == "FAILING":
        assert (await outbound.read(made))["state"] == "ACTIVE"
        with time_machine.travel(clock.now() + later):
            await outbound.hurry()
            await outbound.tick()
    await outbound.say()
    await outbound.hurry()
    await outbound.tick()

    shown = await outbound.read(made)
    assert (shown["state"], shown["disabledBecause"]) == ("DISABLED", reason)
    (fact,) = await outbound.harness.published("waymark.integrations.subscription.disabled.v1")
    assert fact["payload"]["reason"] == reason
    assert fact["subject"] == made["id"]
    assert receiver.url not in str(fact)
    assert [each["state"] for each in await outbound.deliveries(made)] == ["WAITING"]
    assert await outbound.waiting() == []


async def test_a_success_in_between_breaks_the_five_days(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    receiver.answers = [(500, {}), (200, {}), (500, {})]

    await outbound.say()
    await outbound.tick()
    with time_machine.travel(clock.now() + timedelta(days=3)):
        await outbound.hurry()
        await outbound.tick()
    with time_machine.travel(clock.now() + timedelta(days=6)):
        await outbound.say()
        await outbound.tick()

    assert (await outbound.read(made))["state"] == "ACTIVE"


async def test_what_a_paused_subscription_misses_waits_for_it(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    receiver.got.clear()

    paused = await outbound.call("POST", f"/{made['id']}/pause")
    await outbound.say()
    await outbound.tick()
    silent = list(receiver.got)
    resumed = await outbound.call("POST", f"/{made['id']}/resume")
    await outbound.tick()

    assert (paused.json()["state"], resumed.json()["state"]) == ("PAUSED", "ACTIVE")
    assert silent == []
    assert len(receiver.posts) == 1


async def test_a_disabled_subscription_is_verified_again_and_replays_what_it_missed(
    outbound, receiver
):
    made = await outbound.subscribe(receiver.url)
    began = clock.now()
    receiver.answers = [(410, {})]
    first = await outbound.say()
    await outbound.tick()
    missed = await outbound.say()
    times = {"from": began.isoformat(), "to": (clock.now() + timedelta(hours=1)).isoformat()}
    too_early = await outbound.call("POST", f"/{made['id']}/replay", json=times)

    resumed = await outbound.call("POST", f"/{made['id']}/resume")
    tested = await outbound.call("POST", f"/{made['id']}/test")
    await outbound.tick()
    receiver.got.clear()
    replayed = await outbound.call("POST", f"/{made['id']}/replay", json=times)
    await outbound.tick()

    assert too_early.status_code == 409
    assert resumed.json()["state"] == "PENDING_VERIFICATION"
    assert tested.json()["state"] == "ACTIVE"
    assert (replayed.status_code, replayed.json()) == (202, {"deliveries": 2})
    assert {each.headers["webhook-id"] for each in receiver.posts} == {str(first), str(missed)}


async def test_one_delivery_and_a_range_are_replayed_under_their_ids(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    receiver.got.clear()
    ids = [str(await outbound.say()) for _ in range(3)]
    await outbound.tick()
    before = clock.now() - timedelta(days=1)
    delivery = (await outbound.deliveries(made))[1]

    one = await outbound.call("POST", f"/{made['id']}/deliveries/{delivery['id']}/replay")
    await outbound.tick()
    none = await outbound.call(
        "POST",
        f"/{made['id']}/replay",
        json={"from": before.isoformat(), "to": (before + timedelta(hours=1)).isoformat()},
    )
    backwards = await outbound.call(
        "POST",
        f"/{made['id']}/replay",
        json={"from": clock.now().isoformat(), "to": before.isoformat()},
    )

    assert (one.status_code, none.json(), backwards.status_code) == (202, {"deliveries": 0}, 422)
    assert [each.headers["webhook-id"] for each in receiver.posts] == [*ids, delivery["webhookId"]]
    attempts = await outbound.attempts(made, delivery)
    assert [each["outcome"] for each in attempts] == ["DELIVERED", "DELIVERED"]
