"""Idempotency-Key (draft-08): the same write sent twice happens once and answers the same."""

import hashlib
from datetime import date, datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, Jobs
from shared.problems import BadRequest, Conflict, Problem
from shared.retention import report
from shared.tenancy import Principal

HEADER = "Idempotency-Key"
PURGE = "idempotency.purge"
KEPT = timedelta(hours=24)
ROWS_AT_ONCE = 5_000


class IdempotencyKeyReused(Problem):
    """This idempotency key was used for another request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class RequestUnderWay(Conflict):
    """The first request with this idempotency key has not been answered yet."""


class Replayed(Exception):
    """Not a failure: the answer that the first request got."""

    def __init__(self, response: Response) -> None:
        self.response = response


def define_table(metadata: MetaData) -> Table:
    """The answers of keyed writes; they live in the transaction of the write itself."""
    return Table(
        "idempotency_key",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("status", Integer),
        Column("body", LargeBinary),
        Column("media_type", Text),
    )


async def claim(
    session: AsyncSession, table: Table, request: Request, *, tenant_id: UUID, subject: str
) -> None:
    """Raises `Replayed` with the stored answer when this write was done before; waits for one under way."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return
    if not 1 <= len(key) <= 255:
        raise BadRequest(f"{HEADER}: use 1 to 255 characters, best a UUID.")
    fingerprint = hashlib.sha256(
        b"\0".join(
            (str(request.url.path).encode(), request.url.query.encode(), await request.body())
        )
    ).digest()
    row = {"tenant_id": tenant_id, "subject": subject, "key": key}
    inserted = await session.execute(
        insert(table)
        .values(fingerprint=fingerprint, **row)
        .on_conflict_do_nothing()
        .returning(table.c.key)
    )
    if inserted.first() is None:
        await _replay(session, table, row, fingerprint)
    request.state.idempotency = row


async def _replay(
    session: AsyncSession, table: Table, row: dict[str, object], fingerprint: bytes
) -> None:
    stored = (await session.execute(table.select().filter_by(**row))).one_or_none()
    if stored is None or stored.status is None:
        raise RequestUnderWay("Wait for the answer to the first request, then repeat this one.")
    if stored.fingerprint != fingerprint:
        raise IdempotencyKeyReused("Send a new key with a new request.")
    raise Replayed(
        Response(
            stored.body,
            status_code=stored.status,
            media_type=stored.media_type,
            headers={"Idempotent-Replayed": "true"},
        )
    )


async def remember(
    session: AsyncSession, table: Table, request: Request, response: Response
) -> None:
    """Stores the answer in the write's own transaction, before it is sent."""
    row = getattr(request.state, "idempotency", None)
    if row is None:
        return
    await session.execute(
        table.update()
        .filter_by(**row)
        .values(status=response.status_code, body=response.body, media_type=response.media_type)
    )
    await _plan_purge(session, request, row["tenant_id"])


async def _plan_purge(session: AsyncSession, request: Request, tenant_id: UUID) -> None:
    """The first keyed write that a process answers a tenant on a day plans the purge of that day's keys."""
    today = clock.today()
    planned: dict[UUID, date] = request.app.state.service.purges_planned
    if planned.get(tenant_id) == today:
        return
    planned[tenant_id] = today
    await jobs.enqueue(
        session,
        Principal.system(tenant_id, PURGE),
        name=PURGE,
        dedupe_key=today.isoformat(),
        delay=2 * KEPT,
    )


def add_purge(registry: Jobs) -> None:
    """Adds the job that removes keys older than `KEPT` to a service's jobs."""

    async def purge_keys(database: Database, principal: Principal, _job: Job) -> None:
        count = await purge(database, principal.tenant_id, before=clock.now() - KEPT)
        report(registry.service, principal.tenant_id, {"idempotency_keys": count})

    registry.job(PURGE, at_once=1, most_attempts=None)(purge_keys)


async def purge(database: Database, tenant_id: UUID, *, before: datetime) -> int:
    """Removes the tenant's keys of before that instant, in transactions of their own; answers how many."""
    removed = 0
    while True:
        async with database.transaction(tenant_id) as session:
            parameters = {"tenant": tenant_id, "before": before, "rows": ROWS_AT_ONCE}
            count = len((await session.execute(_PURGE, parameters)).all())
        removed += count
        if count < ROWS_AT_ONCE:
            return removed


_PURGE = text(
    """
    DELETE FROM idempotency_key WHERE (tenant_id, subject, key) IN (
        SELECT tenant_id, subject, key FROM idempotency_key
        WHERE tenant_id = :tenant AND created_at < :before LIMIT :rows
    ) RETURNING 1
    """
)
