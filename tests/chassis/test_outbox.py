"""Publishing: a fact is stored with its cause, or not at all."""

import json
from contextlib import suppress

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import events
from shared.ids import new_id
from shared.tenancy import Principal
from tests.chassis.conftest import Place
from tests.chassis.listener import (
    PersonUpdated,
)
from tests.chassis.saying import BACKLOG, Refused, publish


async def test_a_fact_is_stored_with_one_job_for_all_facts_of_a_transaction(place: Place) -> None:
    person_id = await publish(place, "Ada", "Ada L.")

    stored = await place.rows(
        "SELECT type, subject, sequence, payload FROM outbox_event ORDER BY id"
    )
    job_ids = await place.value("SELECT arguments -> 'ids' FROM queue.job")
    event_ids = await place.rows("SELECT id::text FROM outbox_event ORDER BY id")
    assert [row[:3] for row in stored] == [
        (PersonUpdated.event_type, str(person_id), 1),
        (PersonUpdated.event_type, str(person_id), 2),
    ]
    assert json.loads(stored[0][3]) == {"displayName": "Ada", "secretPlan": ""}
    assert json.loads(job_ids) == [each for (each,) in event_ids]


async def test_a_transaction_that_is_rolled_back_leaves_no_event_and_no_job(place: Place) -> None:
    with suppress(Refused):
        async with place.database.transaction(place.tenant_id) as session:
            await say(session, place, "Ada")
            raise Refused

    assert await place.value("SELECT count(*) FROM outbox_event") == 0
    assert await place.value("SELECT count(*) FROM queue.job") == 0


async def test_a_savepoint_takes_its_facts_with_it(place: Place) -> None:
    async with place.database.transaction(place.tenant_id) as session:
        await say(session, place, "outside")
        async with session.begin_nested():
            await say(session, place, "kept")
        with suppress(Refused):
            async with session.begin_nested():
                async with session.begin_nested():
                    await say(session, place, "within a refused line")
                raise Refused
        await say(session, place, "after")

    names = await place.rows("SELECT payload ->> 'displayName' FROM outbox_event ORDER BY id")
    assert names == [("outside",), ("kept",), ("after",)]


async def say(session: AsyncSession, place: Place, name: str) -> None:
    fact = PersonUpdated(display_name=name)
    await events.publish(session, place.principal, fact, subject=new_id(), sequence=1)


async def test_a_thousand_facts_cost_one_statement(place: Place) -> None:
    facts = [(PersonUpdated(display_name=str(n)), new_id(), 1) for n in range(1000)]

    async with place.database.transaction(place.tenant_id) as session:
        await events.publish_many(session, place.principal, facts=facts)

    assert await place.value("SELECT count(*) FROM outbox_event") == 1000
    assert await place.value(BACKLOG) == 4


async def test_a_fact_too_large_for_the_broker_is_refused_where_it_is_said(place: Place) -> None:
    with pytest.raises(events.FactTooLarge):
        await publish(place, "x" * 900_000)

    assert await place.value("SELECT count(*) FROM outbox_event") == 0


async def test_a_fact_of_another_tenant_than_the_transaction_s_is_refused(place: Place) -> None:
    stranger = Principal.system(new_id(), "test")

    async with place.database.transaction(place.tenant_id) as session:
        fact = PersonUpdated(display_name="Ada")
        with pytest.raises(ValueError, match="another tenant"):
            await events.publish(session, stranger, fact, subject=new_id(), sequence=1)
