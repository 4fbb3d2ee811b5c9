"""What the tests of events say, apply and hear with."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import nats
from nats.aio.client import Client

from shared import clock, events
from shared.events import inbox
from shared.events.facts import Envelope
from shared.events.inbox import Applied
from shared.ids import new_id
from tests.chassis.conftest import Broker, Place
from tests.chassis.listener import (
    PersonUpdated,
    handlers,
)

BACKLOG = "SELECT count(*) FROM queue.job WHERE name = 'events.relay'"
COPIES = "SELECT tenant_id, id, name, sequence, effects FROM person_copy ORDER BY tenant_id, id"


class Refused(Exception):
    """A business rule's, which rolls back."""


async def publish(place: Place, *names: str, subject: UUID | None = None) -> UUID:
    """One transaction in which a person is called by each name in turn."""
    person_id = subject or new_id()
    async with place.database.transaction(place.tenant_id) as session:
        for sequence, name in enumerate(names, start=1):
            fact = PersonUpdated(display_name=name)
            await events.publish(
                session, place.principal, fact, subject=person_id, sequence=sequence
            )
    return person_id


def envelope(place: Place, name: str, *, subject: UUID, sequence: int | None) -> Envelope:
    return Envelope(
        id=new_id(),
        type=PersonUpdated.event_type,
        subject=str(subject),
        sequence=sequence,
        occurred_at=clock.now(),
        tenant_id=place.tenant_id,
        traceparent=None,
        body=json.dumps({"displayName": name, "unknownField": 1}).encode(),
    )


async def apply(place: Place, *batch: Envelope) -> Applied:
    async with place.database.transaction(place.tenant_id) as session:
        group = handlers.groups["people"]
        return await inbox.apply_batch(session, group, place.tenant_id, batch)


@asynccontextmanager
async def working(place: Place, broker: Broker, *, most_failures: int = 3) -> AsyncIterator[None]:
    async with events.worker(
        place.database, handlers=handlers, nats_url=broker.url, most_failures=most_failures
    ):
        yield


@asynccontextmanager
async def talking(broker: Broker) -> AsyncIterator[Client]:
    client = await nats.connect(broker.url)
    yield client
    await client.close()
