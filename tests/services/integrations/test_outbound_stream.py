"""From the streams of all services, by a real broker, to a receiver."""

import pytest

from shared import clock, events
from shared.events.broker import Broker as Stream
from shared.events.facts import Envelope
from shared.ids import new_id
from tests.chassis.conftest import Broker
from tests.services.integrations.receiving import receiving
from tests.services.integrations.test_outbound_running import real, until

__all__ = ["broker", "real"]

TYPES = [
    "waymark.profile.org_unit.changed.v1",
    "waymark.goals.goal.activated.v1",
    "waymark.feedback.check_in.held.v1",
    "waymark.integrations.subscription.disabled.v1",
]


@pytest.fixture
def broker(tmp_path):
    running = Broker(tmp_path)
    running.start()
    yield running
    running.kill()


@pytest.mark.slow
async def test_facts_of_every_service_reach_the_subscriber_each_once_in_their_own_order(
    real, broker
):
    service = real.harness.service
    async with receiving() as receiver:
        await real.subscribe(receiver.url, "waymark.*")
        receiver.got.clear()
        said = [
            envelope(event_type, real.harness.tenant_id, subject, sequence)
            for event_type in TYPES
            for subject in ("a", "b")
            for sequence in (2, 1)
        ]
        async with events.worker(
            service.database,
            handlers=service.blueprint.handlers,
            registry=service.blueprint.jobs,
            nats_url=broker.url,
        ):
            stream = await Stream.connect(broker.url, name="test")
            for name in ("profile", "goals", "feedback", "integrations"):
                await stream.declare_stream(name, replicas=1)
            await stream.send(said)
            await stream.send(said)
            await until(lambda: len(receiver.posts) >= len(said))
            await stream.close()

    assert sorted(each.headers["webhook-id"] for each in receiver.posts) == sorted(
        str(each.id) for each in said
    )


def envelope(event_type, tenant_id, subject, sequence) -> Envelope:
    return Envelope(
        id=new_id(),
        type=event_type,
        subject=subject,
        sequence=sequence,
        occurred_at=clock.now(),
        tenant_id=tenant_id,
        traceparent=None,
        body=b'{"subscriptionId": "x"}',
    )
