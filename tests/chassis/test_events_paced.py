"""A transaction of a consumer lasts no longer than others may wait for what it has locked."""

import asyncio
from typing import Any

from shared import events
from shared.events import Handlers, Incoming
from shared.ids import new_id
from shared.tenancy import Principal
from tests.chassis.conftest import Broker, Place
from tests.chassis.listener import PersonSnapshot, PersonUpdated

SLOWNESS = 0.05


async def test_slow_events_are_applied_few_at_a_time(place: Place, broker: Broker) -> None:
    handlers, transactions = Handlers("profile"), dict[Any, list[str]]()

    @handlers.on(PersonUpdated.event_type, group="people")
    async def slowly(session: Any, _principal: Principal, event: Incoming[PersonSnapshot]) -> None:
        await asyncio.sleep(SLOWNESS)
        transaction = session.sync_session.get_transaction()
        transactions.setdefault(transaction, []).append(event.subject)

    async with place.database.transaction(place.tenant_id) as session:
        facts = [(PersonUpdated(display_name="Ada"), new_id(), 1) for _ in range(80)]
        await events.publish_many(session, place.principal, facts=facts)
    async with events.worker(place.database, handlers=handlers, nats_url=broker.url):
        await place.until("SELECT count(*) FROM inbox_event", 80)

    sizes = [len(subjects) for subjects in transactions.values()]
    assert sum(sizes) == 80
    assert max(sizes[1:]) * SLOWNESS <= 1
