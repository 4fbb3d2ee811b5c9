"""The tables that every service has for its events. The queue of jobs stands apart, see shared/jobs."""

from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


class EventTables(NamedTuple):
    """All of them are the tenant's: protect each with row-level security in the migration that creates it."""

    outbox_event: Table
    inbox_event: Table
    inbox_sequence: Table
    inbox_dead_letter: Table


def define_tables(metadata: MetaData) -> EventTables:
    """Adds the tables to a service's own metadata."""
    return EventTables(_outbox(metadata), _seen(metadata), _sequence(metadata), _dead(metadata))


def _outbox(metadata: MetaData) -> Table:
    """`sequence` is the aggregate's; `relayed_at` is set once the broker has stored the event."""
    table = Table(
        "outbox_event",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("sequence", BigInteger),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("traceparent", Text),
        Column("payload", JSONB, nullable=False),
        Column("relayed_at", DateTime(timezone=True)),
    )
    unrelayed = text("relayed_at IS NULL")
    Index("ix_outbox_event_unrelayed", table.c.tenant_id, table.c.id, postgresql_where=unrelayed)
    return table


def _seen(metadata: MetaData) -> Table:
    return Table(
        "inbox_event",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
    )


def _sequence(metadata: MetaData) -> Table:
    """`previous` is what `sequence` was before the last write: admission reads it back under the row's lock."""
    return Table(
        "inbox_sequence",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("consumer", Text, primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        Column("previous", BigInteger),
    )


def _dead(metadata: MetaData) -> Table:
    """What a handler failed on, whole; without `dead_at` it is still being tried."""
    return Table(
        "inbox_dead_letter",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("sequence", BigInteger),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("traceparent", Text),
        Column("payload", JSONB, nullable=False),
        Column("reason", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("failed_at", DateTime(timezone=True), nullable=False),
        Column("dead_at", DateTime(timezone=True)),
    )
