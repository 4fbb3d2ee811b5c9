"""Facts kept in the session until it commits, then stored with their relay job in one statement."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from shared import clock
from shared.events import sealed
from shared.events.facts import Fact
from shared.events.tracing import current_traceparent
from shared.ids import new_id
from shared.sealing.vault import Vault
from shared.tenancy import Principal

RELAY = "events.relay"
EVENTS_PER_JOB = 250
MOST_BYTES = 900_000


class FactTooLarge(ValueError):
    """A fact of more than 900 kB would never pass the broker: publish ids instead of contents."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A fact of an open transaction, with the savepoint that it lives and dies with."""

    id: UUID
    type: str
    subject: str
    sequence: int | None
    occurred_at: datetime
    traceparent: str | None
    payload: str
    within: SessionTransaction | None


async def publish(
    session: AsyncSession,
    principal: Principal,
    fact: Fact,
    *,
    subject: UUID | str,
    sequence: int | None,
) -> UUID:
    """Stores the fact when the session commits; answers the event's id.

    `subject` is the aggregate's id, `sequence` its version: a consumer drops an event of a lower sequence than it has
    applied, so a fact with a sequence carries the aggregate whole. None says that every such fact counts by itself.
    Raises `FactTooLarge`; of a fact with sealed fields `KeyDestroyed` when the person has been erased.
    """
    (event_id,) = await publish_many(session, principal, facts=[(fact, subject, sequence)])
    return event_id


async def publish_many(
    session: AsyncSession,
    principal: Principal,
    *,
    facts: Iterable[tuple[Fact, UUID | str, int | None]],
) -> list[UUID]:
    """Like `publish` for many (fact, subject, sequence); the statement is the same single one."""
    sync = session.sync_session
    if session.info.get("tenant_id") != principal.tenant_id:
        raise ValueError("The transaction is another tenant's than the principal.")
    told = [(new_id(), *each) for each in facts]
    keys = await sealed.keys_for(session, (fact for _, fact, _, _ in told))
    occurred_at, traceparent = clock.now(), current_traceparent()
    within = sync.get_nested_transaction()
    pending = [
        _Pending(
            id=event_id,
            type=fact.event_type,
            subject=str(subject),
            sequence=sequence,
            occurred_at=occurred_at,
            traceparent=traceparent,
            payload=_payload(fact, event_id, principal.tenant_id, keys),
            within=within,
        )
        for event_id, fact, subject, sequence in told
    ]
    _pending(sync).extend(pending)
    return [each.id for each in pending]


def _payload(fact: Fact, event_id: UUID, tenant_id: UUID, keys: Mapping[UUID, Vault]) -> str:
    if not fact.event_type:
        raise ValueError(f"{type(fact).__name__} has no event type.")
    payload = sealed.written(fact, event_id, tenant_id, keys)
    if len(payload) * 4 > MOST_BYTES and len(payload.encode()) > MOST_BYTES:
        raise FactTooLarge(f"{fact.event_type} has more than {MOST_BYTES} bytes.")
    return payload


def _pending(session: Session) -> list[_Pending]:
    pending: list[_Pending] = session.info.setdefault("outbox", [])
    return pending


@event.listens_for(Session, "before_commit")
def _store(session: Session) -> None:
    """Runs for savepoints too, which store nothing: their facts wait for the transaction around them."""
    pending = session.info.get("outbox")
    if not pending or session.in_nested_transaction():
        return
    tenant_id = session.info["tenant_id"]
    session.execute(_STORE, {"tenant": tenant_id, **_columns(pending), **_jobs(pending)})
    pending.clear()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """Drops the facts of a savepoint that was rolled back, and all of them with the transaction."""
    pending = session.info.get("outbox")
    if pending:
        pending[:] = [each for each in pending if ended.nested and not _lies_in(each.within, ended)]


def _lies_in(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


def _columns(pending: list[_Pending]) -> dict[str, list[Any]]:
    names = ("id", "type", "subject", "sequence", "occurred_at", "traceparent", "payload")
    return {f"{name}s": [getattr(each, name) for each in pending] for name in names}


def _jobs(pending: list[_Pending]) -> dict[str, list[Any]]:
    ids = [str(each.id) for each in pending]
    chunks = [ids[start : start + EVENTS_PER_JOB] for start in range(0, len(ids), EVENTS_PER_JOB)]
    return {
        "job_ids": [new_id() for _ in chunks],
        "arguments": [json.dumps({"ids": chunk}) for chunk in chunks],
    }


_STORE = text(
    f"""
    WITH job AS (
        INSERT INTO queue.job (id, tenant_id, name, arguments)
        SELECT id, :tenant, '{RELAY}', arguments
        FROM unnest(CAST(:job_ids AS uuid[]), CAST(:arguments AS jsonb[])) AS new(id, arguments)
    )
    INSERT INTO outbox_event
        (tenant_id, id, type, subject, sequence, occurred_at, traceparent, payload)
    SELECT :tenant, new.*
    FROM unnest(
        CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:subjects AS text[]),
        CAST(:sequences AS bigint[]), CAST(:occurred_ats AS timestamptz[]),
        CAST(:traceparents AS text[]), CAST(:payloads AS jsonb[])
    ) AS new
    """  # noqa: S608 - a constant of this module
)
