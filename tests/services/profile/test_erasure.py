"""Who may order an erasure, what it removes at once, and how receipts complete it."""

import pytest
from sqlalchemy import text

from shared.ids import new_id
from tests.services.profile.conftest import imported

WHY = {"reason": "Asked for it."}


@pytest.fixture
def order(profile, here):
    async def order(by=None, of="dev"):
        headers = by or profile.integration("people:erase")
        path = f"/people/{here.people[of]}/erasure"
        return await profile.client.post(path, json=WHY, headers=headers)

    return order


async def rows(profile, statement):
    async with profile.session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def receipt(profile, erasure_id, service, **further):
    await profile.deliver(
        f"waymark.{service}.erasure.receipted.v1",
        subject=erasure_id,
        sequence=None,
        payload={"erasureId": erasure_id, "service": service, "rows": 3, "events": 2, **further},
    )


@pytest.mark.parametrize("who", ["dev", "lead", "partner"])
async def test_neither_the_person_nor_their_line_orders_it(order, here, profile, who):
    answer = await order(here.as_(who))

    assert answer.status_code == 403
    assert await rows(profile, "SELECT 1 FROM erasure_request") == []
    assert await rows(profile, "SELECT 1 FROM people_person WHERE display_name = 'Dev'") == [(1,)]


async def test_scopes_for_writing_people_do_not_erase_them(order, here):
    assert (await order(here.hris)).status_code == 403


async def test_an_order_empties_the_person_at_once(order, here, profile):
    answer = await order(here.as_("admin"))

    assert answer.status_code == 202
    made = answer.json()
    assert answer.headers["Location"] == f"/erasures/{made['id']}"
    assert (made["state"], made["receipts"]) == ("RECEIVED", [])
    person = f"id = '{here.people['dev']}'"
    ((name, subject, email, status, manager),) = await rows(
        profile,
        "SELECT display_name, subject, work_email, status, manager_id "
        f"FROM people_person WHERE {person}",
    )
    assert (name, subject, email, status, manager) == (
        "Erased person",
        None,
        None,
        "TERMINATED",
        None,
    )
    of_person = f"WHERE person_id = '{here.people['dev']}'"
    for table in ("people_assignment", "people_external_identifier", "people_grant"):
        assert await rows(profile, f"SELECT 1 FROM {table} {of_person}") == []
    refused = await profile.client.get("/people", headers=here.as_("dev"))
    assert refused.status_code in (401, 403)


async def test_the_order_names_what_the_services_must_look_for(order, here, profile):
    await order()

    (told,) = await profile.published("waymark.profile.erasure.ordered.v1")
    assert told["subject"] == here.people["dev"]
    assert told["payload"]["person"] == {
        "personId": here.people["dev"],
        "texts": [f"dev@{here.tenant_id}.test"],
        "identifiers": [{"system": "hris", "value": "dev"}],
    }
    newest = max(
        row["sequence"] or 0
        for row in await profile.published()
        if row["subject"] == told["subject"]
    )
    assert told["sequence"] == newest


async def test_a_second_order_answers_the_first(order, profile):
    first, second = await order(), await order()

    assert second.status_code == 202
    assert second.json()["id"] == first.json()["id"]
    assert len(await profile.published("waymark.profile.erasure.ordered.v1")) == 1


async def test_nobody_unknown_is_erased(profile, here, order):
    here.people["nobody"] = "0193a000-0000-7000-8000-000000000000"

    assert (await order(of="nobody")).status_code == 404


async def test_the_last_receipt_plans_the_end(order, profile):
    made = (await order()).json()
    eraser = profile.integration("people:erase")

    for service in ("goals", "feedback", "integrations"):
        await receipt(profile, made["id"], service)
    await receipt(profile, made["id"], "goals")
    read = (await profile.client.get(f"/erasures/{made['id']}", headers=eraser)).json()
    planned = await rows(profile, "SELECT 1 FROM queue.job WHERE name = 'erasure.finish'")
    await receipt(profile, made["id"], "profile", keyDestroyedAt=None)

    assert read["state"] == "IN_PROGRESS"
    assert [each["service"] for each in read["receipts"]] == ["feedback", "goals", "integrations"]
    assert planned == []
    assert await rows(profile, "SELECT 1 FROM queue.job WHERE name = 'erasure.finish'") == [(1,)]


async def test_after_a_day_without_a_receipt_it_is_partial(order, profile):
    made = (await order()).json()
    await rows(
        profile, "UPDATE erasure_request SET received_at = now() - interval '2 days' RETURNING 1"
    )

    read = await profile.client.get(
        f"/erasures/{made['id']}", headers=profile.integration("people:erase")
    )

    assert read.json()["state"] == "PARTIAL"


async def test_who_comes_again_is_somebody_new(order, here, profile):
    await order()

    (verdict,) = await imported(
        profile, "people", [{"system": "hris", "key": "dev", "displayName": "Dev"}]
    )

    assert verdict["status"] == "CREATED"
    assert verdict["id"] != here.people["dev"]


async def test_erasures_are_of_their_tenant(order, profile, here):
    made = (await order()).json()
    elsewhere = profile.integration("people:erase", tenant=new_id())

    answer = await profile.client.get(f"/erasures/{made['id']}", headers=elsewhere)

    assert answer.status_code == 404


async def test_assessments_go_with_their_person_and_the_key_with_them(
    profile, here, order, taking, mood
):
    """The sums of an instrument stay: nobody is found in them."""
    await taking.take("dev", mood, {"q1": 4, "q2": 5, "q3": 2})
    await taking.start("peer", mood)
    await taking.save(
        "peer", (await taking.done("peer", "GET", "/assessments"))[0]["id"], {"q1": 1}
    )

    await order(here.as_("admin"))

    async with profile.session() as session:
        for who, left in (("dev", 0), ("peer", 1)):
            me = {"me": here.people[who]}
            await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
            for table in ("assessments_session", "assessments_answers"):
                found = await session.execute(
                    text(f"SELECT 1 FROM {table} WHERE person_id = :me"), me
                )
                assert len(found.all()) == left
        results = await session.execute(text("SELECT 1 FROM assessments_result"))
        assert results.all() == []
        sums = await session.execute(text("SELECT sessions FROM assessments_moments"))
        assert sums.scalars().all() == [1]
    keys = f"SELECT wrapped IS NULL FROM person_key WHERE person_id = '{here.people['dev']}'"
    assert await rows(profile, keys) == [(True,)]
