"""The jobs that ask: requests of a connection, several at once, and the comparison of its listing."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.fetching import (
    claiming,
    commands,
    comparing,
    measuring,
    metrics,
)
from services.gateway.integrations.fetching.calling import Access, Unanswered, Unfetchable
from services.gateway.integrations.fetching.claiming import Asked, Claimed
from services.gateway.integrations.fetching.models import Source
from services.gateway.integrations.fetching.reconciling import Reconciling
from services.gateway.integrations.fetching.vendors import Client, VendorApi, departed
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import telling
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.fetching import FETCH
from services.gateway.integrations.webhooks.mapping import Unmappable
from services.gateway.integrations.webhooks.rules import FetchBackState
from services.gateway.integrations.webhooks.settling import HELD
from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, Jobs, Lane
from shared.outward import Outward
from shared.retention import Retention
from shared.tenancy import Principal

TURN_SECONDS = 5.0
"""After that long a call ends and queues again, so that every connection has its turn."""
MOST_CLIENTS = 256
GONE = "The source does not have it, or does not show it."


class Fetcher:
    """Asks the sources; keeps the clients, and with them their tokens, until a source is set up anew."""

    def __init__(
        self, vault: Vault, outward: Outward, retention: Retention, *, service: str
    ) -> None:
        self._vault = vault
        self._outward = outward
        self._retention = retention
        self._service = service
        self._clients: dict[UUID, tuple[datetime, Client]] = {}

    def add_jobs(self, registry: Jobs) -> None:
        registry.add(
            Lane(
                FETCH,
                self.work,
                at_once=8,
                per_tenant=4,
                most_attempts=None,
                longest_delay=timedelta(minutes=1),
                finishes_itself=True,
            )
        )
        registry.every("* * * * *")(measuring.measure)
        registry.job(commands.NIGHTLY, at_once=2, most_attempts=None)(self.night)
        registry.job(commands.RECONCILE, at_once=4, most_attempts=None)(self.reconcile)

    async def work(self, database: Database, held: Sequence[Job]) -> None:
        (job,) = held
        assert job.tenant_id is not None
        principal = Principal.system(job.tenant_id, f"{self._service}.{FETCH}")
        connection_id = UUID(job.arguments["id"])
        await self._drain(database, principal, connection_id)
        async with database.transaction(principal.tenant_id) as session:
            await jobs.done(session, held)
            ahead = await claiming.next_look(session, connection_id)
            if ahead is not None:
                again = measuring.BACKLOG.noted(job.arguments["id"], ahead)
                await jobs.enqueue_many(session, principal, jobs=[again])

    async def night(self, database: Database, principal: Principal, job: Job) -> None:
        async with database.transaction(principal.tenant_id) as session:
            await commands.night(session, principal, connection_id=UUID(job.arguments["id"]))

    async def reconcile(self, database: Database, principal: Principal, job: Job) -> None:
        """Raises `TryLater` for a listing that was cut off."""
        await self._retention.plan(database, principal.tenant_id)
        reconciling = Reconciling(database, principal, UUID(job.arguments["id"]), self.client)
        await reconciling.run()

    def client(self, source: Source, api: VendorApi) -> Client:
        kept = self._clients.get(source.id)
        if kept is not None and kept[0] == source.updated_at:
            return kept[1]
        if len(self._clients) >= MOST_CLIENTS:
            self._clients.clear()
        secret = self._vault.open(source.sealed, bound_to=source.id.bytes).decode()
        client = api.connect(Access(self._outward, source.base_url, source.client_id, secret))
        self._clients[source.id] = (source.updated_at, client)
        return client

    async def _drain(self, database: Database, principal: Principal, connection_id: UUID) -> None:
        until = monotonic() + TURN_SECONDS
        while monotonic() < until:
            async with database.transaction(principal.tenant_id) as session:
                asked = await claiming.claim(session, connection_id)
            if asked is None or not asked.claimed:
                return
            async with asyncio.TaskGroup() as tasks:
                for claimed in asked.claimed:
                    tasks.create_task(self._fetch(database, principal, asked, claimed))

    async def _fetch(
        self, database: Database, principal: Principal, asked: Asked, claimed: Claimed
    ) -> None:
        vendor = asked.connection.vendor
        try:
            outcome = await self._ask(database, principal, asked, claimed)
        except Unanswered as why:
            async with database.transaction(principal.tenant_id) as session:
                outcome = await claiming.put_back(session, claimed, why)
        except Unfetchable as why:
            async with database.transaction(principal.tenant_id) as session:
                rows = await claiming.mine(session, claimed)
                claiming.end(rows, FetchBackState.DEAD, str(why))
            outcome = FetchBackState.DEAD
        answered = outcome in (FetchBackState.DONE, FetchBackState.GONE)
        metrics.asked(vendor, outcome, lag=clock.now() - claimed.said_at if answered else None)

    async def _ask(
        self, database: Database, principal: Principal, asked: Asked, claimed: Claimed
    ) -> str:
        """Answers the outcome. Raises `Unanswered`, `Unfetchable`.

        Killed between the answer and the commit, it is asked for again, which changes nothing.
        """
        said_at = max(clock.now(), claimed.said_at)
        client = self.client(asked.source, asked.api)
        content = await client.one(claimed.kind, claimed.external_id)
        async with database.transaction(principal.tenant_id) as session:
            rows = await claiming.mine(session, claimed)
            if not rows:
                return claiming.LOST
            state, reason = await _settled(session, principal, asked, claimed, content, said_at)
            claiming.end(rows, state, reason)
        return state


async def _settled(
    session: AsyncSession,
    principal: Principal,
    asked: Asked,
    claimed: Claimed,
    content: bytes | None,
    said_at: datetime,
) -> tuple[FetchBackState, str | None]:
    """What becomes of an answer, in the transaction of its facts."""
    now = clock.now()
    origin = comparing.origin_of(
        asked.connection, cause=claimed.delivery_id, said_at=said_at, now=now
    )
    facts: Sequence[Said]
    if content is None:
        if claimed.kind != "person" or not asked.api.has_left(claimed.hints):
            return FetchBackState.GONE, GONE
        facts = [departed(claimed.external_id, origin)]
        fingerprints = {}
    else:
        try:
            read = comparing.read(asked.api, claimed.kind, claimed.external_id, content, origin)
        except Unmappable as problem:
            return FetchBackState.DEAD, problem.reason
        facts = (await comparing.news(session, read)).facts
        fingerprints = dict(read.fingerprints)
    limit = ConnectionSettings.model_validate(asked.connection.settings).terminations
    if not claimed.approved and await telling.would_end_too_many(
        session, connection_id=asked.connection.id, facts=facts, limit=limit, now=now
    ):
        return FetchBackState.HELD, HELD
    await telling.tell(session, principal, facts=facts, now=now, fingerprints=fingerprints)
    return (FetchBackState.GONE, GONE) if content is None else (FetchBackState.DONE, None)
