"""Too many leavers are held until somebody decides."""

import pytest

from .inbound import asked, connect, states, tell, terminated, upserted

HELD = "More people than usual would be terminated"


async def held_connection(integrations):
    """More than 2 and more than half of all within a day are too many; six people are known."""
    hris = await connect(
        integrations, settings={"terminations": {"most": 2, "share": 0.5, "windowHours": 24}}
    )
    await tell(hris, *(upserted(str(number)) for number in range(6)), name="known")
    return hris


async def test_too_many_leavers_are_held_and_pass_once_approved(integrations):
    hris = await held_connection(integrations)

    await tell(hris, *(terminated(str(number)) for number in range(5)), name="leaves")

    assert await states(hris) == ["PUBLISHED"] * 9 + ["HELD"] * 2
    listed = await asked(hris, "GET", f"/webhook-deliveries?state=HELD&connectionId={hris.id}")
    first, second = listed.json()
    assert first["reason"].startswith(HELD)
    assert len(await integrations.published()) == 9

    approved = await asked(hris, "POST", f"/webhook-deliveries/{first['id']}/approve")
    rejected = await asked(hris, "POST", f"/webhook-deliveries/{second['id']}/reject")
    await hris.work()

    assert (approved.json()["state"], approved.json()["decidedBy"]) == ("RECEIVED", "hris")
    assert rejected.json()["state"] == "REJECTED"
    assert (await states(hris))[-2:] == ["PUBLISHED", "REJECTED"]
    assert len(await integrations.published()) == 10


async def test_one_delivery_with_too_many_leavers_is_held_whole(integrations):
    hris = await held_connection(integrations)
    batch = [
        {"specversion": "1.0", "id": str(n), "source": "hris", "type": "person.terminated",
         "time": "2026-11-20T09:00:00Z", "data": terminated(str(n))["data"]}
        for n in range(4)
    ]  # fmt: skip

    await tell(hris, batch, upserted("7"))

    assert (await states(hris))[-2:] == ["HELD", "PUBLISHED"]


async def test_a_small_house_may_lose_a_few_and_a_large_one_more(integrations):
    hris = await held_connection(integrations)
    await tell(hris, *(upserted(str(number)) for number in range(6, 20)), name="more")

    await tell(hris, *(terminated(str(number)) for number in range(10)), name="leaves")

    assert (await states(hris))[-10:] == ["PUBLISHED"] * 10


@pytest.mark.parametrize(
    ("decision", "then", "facts"), [("approve", "PUBLISHED", 11), ("reject", "REJECTED", 9)]
)
async def test_all_that_is_held_of_a_connection_is_decided_at_once(
    integrations, decision, then, facts
):
    hris = await held_connection(integrations)
    await tell(hris, *(terminated(str(number)) for number in range(5)), name="leaves")
    body = {"connectionId": hris.id}

    decided = await asked(hris, "POST", f"/webhook-deliveries/{decision}", json=body)
    again = await asked(hris, "POST", f"/webhook-deliveries/{decision}", json=body)
    await hris.work()

    assert (decided.json(), again.json()) == ({"deliveries": 2}, {"deliveries": 0})
    assert (await states(hris))[-2:] == [then] * 2
    assert len(await integrations.published()) == facts


async def test_a_refused_delivery_that_is_tried_again_is_held_again(integrations):
    hris = await held_connection(integrations)
    await tell(hris, *(terminated(str(number)) for number in range(4)), name="leaves")
    held = (await hris.deliveries())[-1]["id"]

    await asked(hris, "POST", f"/webhook-deliveries/{held}/reject")
    await asked(hris, "POST", f"/webhook-deliveries/{held}/replay")
    await hris.work()

    last = (await hris.deliveries())[-1]
    assert (last["state"], last["decidedBy"]) == ("HELD", None)
