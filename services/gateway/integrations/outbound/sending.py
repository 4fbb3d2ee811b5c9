"""The jobs that send: one call a subscription, several deliveries of it at once, none waits for another receiver."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy import select

from services.gateway.integrations.outbound import claiming, measuring, metrics
from services.gateway.integrations.outbound.claiming import Attempted, Claimed, Settled
from services.gateway.integrations.outbound.models import OutboundDelivery
from services.gateway.integrations.outbound.rules import CONTENT_TYPES, SEND, OutboundState
from services.gateway.integrations.outbound.spreading import WAKE, wake
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.subscriptions import signing
from services.gateway.integrations.subscriptions.models import Subscription
from services.gateway.integrations.subscriptions.rules import SubscriptionState
from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, Jobs, Lane
from shared.outward import Outward, Unreached
from shared.retention import Retention
from shared.tenancy import Principal

log = structlog.get_logger("webhooks")

SECONDS = 15.0
TURN_SECONDS = 2.0
"""After that long a call ends and queues again, so that every subscription has its turn."""
AGENT = "Waymark-Webhooks/1"


class Sender:
    """Sends what is due."""

    def __init__(
        self, vault: Vault, outward: Outward, retention: Retention, *, service: str
    ) -> None:
        self._vault = vault
        self._outward = outward
        self._retention = retention
        self._service = service

    def add_jobs(self, registry: Jobs) -> None:
        registry.batch(WAKE)(self.find)
        registry.every("* * * * *")(measuring.measure)
        registry.add(
            Lane(
                SEND,
                self.work,
                at_once=32,
                per_tenant=12,
                most_attempts=None,
                longest_delay=timedelta(minutes=1),
                finishes_itself=True,
            )
        )

    async def find(self, database: Database, principal: Principal, _held: Sequence[Job]) -> None:
        """Which of the tenant's subscriptions have something to send: each has a job of its own."""
        due = (
            select(OutboundDelivery.subscription_id)
            .join(Subscription, Subscription.id == OutboundDelivery.subscription_id)
            .where(
                OutboundDelivery.state == OutboundState.WAITING,
                OutboundDelivery.due_at <= clock.now(),
                Subscription.state == SubscriptionState.ACTIVE,
            )
            .distinct()
        )
        async with database.transaction(principal.tenant_id) as session:
            await wake(session, principal, ids=(await session.scalars(due)).all())
        await self._retention.plan(database, principal.tenant_id)

    async def work(self, database: Database, held: Sequence[Job]) -> None:
        (job,) = held
        assert job.tenant_id is not None
        principal = Principal.system(job.tenant_id, f"{self._service}.{SEND}")
        subscription_id = UUID(job.arguments["id"])
        await self._drain(database, principal, subscription_id)
        async with database.transaction(principal.tenant_id) as session:
            await jobs.done(session, held)
            ahead = await claiming.next_look(session, subscription_id)
            if ahead is not None:
                again = measuring.BACKLOG.noted(job.arguments["id"], ahead)
                await jobs.enqueue_many(session, principal, jobs=[again])

    async def _drain(self, database: Database, principal: Principal, subscription_id: UUID) -> None:
        """As many at once as there are places; each goes on with the next that is due until the turn is over."""
        until = monotonic() + TURN_SECONDS
        async with database.transaction(principal.tenant_id) as session:
            first = await claiming.claim(session, self._vault, subscription_id)
        async with asyncio.TaskGroup() as tasks:
            for claimed in first:
                tasks.create_task(self._deliver(database, principal, claimed, until))

    async def _deliver(
        self, database: Database, principal: Principal, claimed: Claimed, until: float
    ) -> None:
        """Killed between the request and the commit, it is sent again after the claim, under the same webhook-id."""
        following: list[Claimed] = [claimed]
        while following:
            (claimed,) = following
            attempted = await self.attempt(claimed)
            async with database.transaction(principal.tenant_id) as session:
                settled = await claiming.settle(session, principal, claimed, attempted)
                if monotonic() < until:
                    following = await claiming.take(session, claimed.receiver, most=1)
                else:
                    following = []
            self._count(claimed, settled)

    async def attempt(self, claimed: Claimed) -> Attempted:
        """One request, signed now."""
        now, receiver = clock.now(), claimed.receiver
        headers = {
            "content-type": CONTENT_TYPES[receiver.format],
            "user-agent": AGENT,
            **signing.headers(
                receiver.signing,
                receiver.keys,
                message_id=str(claimed.told.id),
                sent_at=now,
                body=claimed.body,
            ),
        }
        if claimed.told.sequence is not None:
            headers["webhook-sequence"] = str(claimed.told.sequence)
        try:
            reply = await self._outward.send(
                "POST", receiver.url, headers=headers, body=claimed.body, within=SECONDS
            )
        except Unreached as why:
            return Attempted(now, why.millis, None, why.reason)
        return Attempted.answered(now, reply)

    async def ask(self, url: str, *, origin: str) -> Attempted:
        """The handshake of CloudEvents: may we send to this address?"""
        now = clock.now()
        headers = {"webhook-request-origin": origin, "user-agent": AGENT}
        try:
            reply = await self._outward.send("OPTIONS", url, headers=headers, within=SECONDS)
        except Unreached as why:
            return Attempted(now, why.millis, None, why.reason)
        answered = Attempted.answered(now, reply)
        allowed = reply.headers.get("webhook-allowed-origin", "").strip()
        if answered.outcome == "DELIVERED" and allowed not in ("*", origin):
            return Attempted(now, reply.millis, reply, "NOT_ALLOWED")
        return answered

    def _count(self, claimed: Claimed, settled: Settled) -> None:
        metrics.ATTEMPTS.labels(self._service, settled.outcome).inc()
        if settled.given_up:
            metrics.GIVEN_UP.labels(self._service).inc()
        if settled.disabled:
            metrics.DISABLED.labels(self._service, settled.disabled.value).inc()
            log.warning(
                "webhooks disabled",
                subscription=str(claimed.receiver.id),
                reason=settled.disabled.value,
            )
        if settled.outcome == "DELIVERED":
            lag = clock.now() - claimed.told.occurred_at
            metrics.LAG.labels(self._service).observe(lag.total_seconds())
