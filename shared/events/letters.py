"""Dead letters: what a handler failed on rests here with its reason, until somebody replays or drops it.

Everything is within the transaction of one tenant. A letter is also what still is tried again, or waits for such a one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import inbox
from shared.events.facts import Envelope
from shared.events.handlers import Group, Handlers


class LetterState(StrEnum):
    """WAITING for an earlier fact of its subject, RETRYING by itself, or DEAD until somebody acts."""

    WAITING = "WAITING"
    RETRYING = "RETRYING"
    DEAD = "DEAD"


class Outcome(StrEnum):
    """What became of a replay; only APPLIED and DUPLICATE end the letter.

    OVERTAKEN: a newer fact of the subject was applied since. HELD: an earlier one must be settled first.
    """

    APPLIED = "APPLIED"
    DUPLICATE = "DUPLICATE"
    OVERTAKEN = "OVERTAKEN"
    HELD = "HELD"
    FAILED = "FAILED"
    NO_HANDLER = "NO_HANDLER"


@dataclass(frozen=True, slots=True)
class LetterKey:
    """One event at one group; written `goals-people.0199…`."""

    group: str
    event_id: UUID

    def __str__(self) -> str:
        return f"{self.group}.{self.event_id}"

    @classmethod
    def parse(cls, written: str) -> "LetterKey":
        """Raises `ValueError`."""
        group, _, event_id = written.rpartition(".")
        return cls(group, UUID(event_id))


@dataclass(frozen=True, slots=True)
class Letter:
    """An event that failed, without its contents; `reason` has none either."""

    group: str
    event_id: UUID
    type: str
    subject: str
    sequence: int | None
    state: LetterState
    reason: str
    attempts: int
    occurred_at: datetime
    failed_at: datetime
    dead_at: datetime | None

    @property
    def id(self) -> str:
        return str(LetterKey(self.group, self.event_id))


@dataclass(frozen=True, slots=True)
class Replayed:
    """The outcome, and of a failure the new reason."""

    id: str
    outcome: Outcome
    reason: str | None = None


async def page(
    session: AsyncSession,
    *,
    group: str | None = None,
    state: LetterState | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> tuple[list[Letter], UUID | None]:
    """The letters of the oldest `limit` events after the given one, and the event to go on after."""
    wanted = {"group": group, "state": state, "after": after, "limit": limit + 1}
    rows = (await session.execute(_PAGE, wanted)).all()
    letters = [_letter(row) for row in rows]
    events = sorted({letter.event_id for letter in letters})
    if len(events) <= limit:
        return letters, None
    return [each for each in letters if each.event_id != events[-1]], events[-2]


async def find(session: AsyncSession, key: LetterKey) -> Letter | None:
    row = (await session.execute(_FIND, _identity(key))).first()
    return _letter(row) if row else None


async def contents(session: AsyncSession, key: LetterKey) -> str | None:
    """The payload as JSON: whoever asks for it says so."""
    row = (await session.execute(_LOCK, _identity(key))).first()
    return bytes(row.body).decode() if row else None


async def replay(
    session: AsyncSession, handlers: Handlers, key: LetterKey, *, overtaken: bool = False
) -> Replayed | None:
    """Gives the event to its group once more; None when there is no such letter. Raises `Rebuilding`.

    `overtaken` applies it although a newer one of its subject was applied: for groups that react, not for copies.
    """
    row = (await session.execute(_LOCK, _identity(key))).first()
    if row is None:
        return None
    event = Envelope(**row._asdict())
    group = next((each for each in handlers.groups.values() if each.name == key.group), None)
    if group is None or not any(each.takes(event.type) for each in group.handlers):
        return Replayed(str(key), Outcome.NO_HANDLER, "No handler here takes this type any more.")
    try:
        async with session.begin_nested() as savepoint:
            outcome = await _apply(session, group, event, overtaken=overtaken)
            if outcome in (Outcome.OVERTAKEN, Outcome.HELD):
                await savepoint.rollback()
    except inbox.Rebuilding:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is its own
        reason = inbox.reason_of(error)
        await session.execute(_FAILED_AGAIN, {**_identity(key), "reason": reason})
        return Replayed(str(key), Outcome.FAILED, reason)
    if outcome in (Outcome.APPLIED, Outcome.DUPLICATE):
        await inbox.note_recovery(session, group, event.tenant_id, [event.id])
    return Replayed(str(key), outcome)


async def _apply(
    session: AsyncSession, group: Group, event: Envelope, *, overtaken: bool
) -> Outcome:
    applied = await inbox.apply_batch(session, group, event.tenant_id, [event])
    if applied.held:
        return Outcome.HELD
    if applied.stale and not overtaken:
        return Outcome.OVERTAKEN
    if applied.stale:
        await group.apply(session, [event])
    return Outcome.DUPLICATE if applied.duplicate else Outcome.APPLIED


async def drop(session: AsyncSession, key: LetterKey) -> Letter | None:
    """Removes the letter and marks the event as settled for its group; answers what was dropped."""
    letter = await find(session, key)
    if letter is not None:
        await session.execute(_DROP, _identity(key))
    return letter


async def counts(session: AsyncSession) -> dict[str, dict[LetterState, int]]:
    """How many letters of each state there are, by group."""
    found: dict[str, dict[LetterState, int]] = {}
    for group, state, number in (await session.execute(_COUNTS)).all():
        found.setdefault(group, {})[LetterState(state)] = number
    return found


def groups_of(handlers: Handlers | None) -> Sequence[Group]:
    return sorted(handlers.groups.values(), key=lambda group: group.name) if handlers else []


def _identity(key: LetterKey) -> dict[str, Any]:
    return {"group": key.group, "event_id": key.event_id}


def _letter(row: Any) -> Letter:
    fields = row._asdict()
    return Letter(**fields | {"state": LetterState(fields["state"])})


_STATE = (
    "CASE WHEN dead_at IS NOT NULL THEN 'DEAD' WHEN failures = 0 THEN 'WAITING' ELSE 'RETRYING' END"
)
_COLUMNS = f"""
    consumer AS group, event_id, type, subject, sequence, {_STATE} AS state, reason,
    failures AS attempts, occurred_at, failed_at, dead_at
"""
_MINE = "tenant_id = (SELECT current_setting('app.tenant')::uuid)"
_ONE = f"{_MINE} AND consumer = :group AND event_id = :event_id"

_PAGE = text(
    f"""
    WITH letter AS (SELECT {_COLUMNS} FROM inbox_dead_letter WHERE {_MINE}), wanted AS (
        SELECT * FROM letter
        WHERE (CAST(:group AS text) IS NULL OR "group" = :group)
          AND (CAST(:state AS text) IS NULL OR state = :state)
          AND (CAST(:after AS uuid) IS NULL OR event_id > :after)
    )
    SELECT * FROM wanted
    WHERE event_id IN (SELECT DISTINCT event_id FROM wanted ORDER BY event_id LIMIT :limit)
    ORDER BY event_id, "group"
    """  # noqa: S608 - constants of this module
)

_FIND = text(f"SELECT {_COLUMNS} FROM inbox_dead_letter WHERE {_ONE}")  # noqa: S608

_LOCK = text(
    f"""
    SELECT event_id AS id, type, subject, sequence, occurred_at, tenant_id, traceparent,
           convert_to(payload::text, 'UTF8') AS body
    FROM inbox_dead_letter WHERE {_ONE} FOR UPDATE
    """  # noqa: S608
)

_FAILED_AGAIN = text(
    f"""
    UPDATE inbox_dead_letter SET reason = :reason, failures = failures + 1, failed_at = now()
    WHERE {_ONE}
    """  # noqa: S608
)

_DROP = text(
    f"""
    WITH dropped AS (DELETE FROM inbox_dead_letter WHERE {_ONE} RETURNING tenant_id, consumer, event_id)
    INSERT INTO inbox_event (tenant_id, consumer, event_id) SELECT * FROM dropped ON CONFLICT DO NOTHING
    """  # noqa: S608
)

_COUNTS = text(
    f"SELECT consumer, {_STATE}, count(*) FROM inbox_dead_letter WHERE {_MINE} GROUP BY 1, 2"  # noqa: S608
)
