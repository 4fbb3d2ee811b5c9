"""What is said about people's skills: recorded once, then confirmed, rejected, superseded, retracted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills import estimates, expiry, succession
from services.profile.skills.events import (
    AssertionFact,
    AssertionRetracted,
    AssertionReviewRequested,
    AssertionSuperseded,
    of_assertion,
    of_new,
)
from services.profile.skills.models import AssertionStep, SkillAssertion
from services.profile.skills.rules import GONE, STEPS, AssertionSource, AssertionState, Polarity
from shared import clock, events
from shared.ids import new_id
from shared.jobs import days
from shared.problems import StateTransition
from shared.tenancy import Principal


@dataclass(frozen=True, slots=True)
class Statement:
    """What an assertion says, whoever says it."""

    person_id: UUID
    skill_id: UUID
    source: AssertionSource
    level: float
    occurred_on: date
    state: AssertionState
    assessor_id: UUID | None = None
    assessor_group: str | None = None
    expires_on: date | None = None
    evidence: list[dict[str, Any]] = field(default_factory=list)
    polarity: Polarity = Polarity.POSITIVE
    confidence: float | None = None
    note: str | None = None
    origin_event_id: UUID | None = None
    author_client: str | None = None


async def record(session: AsyncSession, principal: Principal, statement: Statement) -> UUID:
    """Stores the statement and brings the estimate in line. The person is locked, permission is the caller's matter."""
    (assertion_id,) = await record_many(session, principal, [statement])
    return assertion_id


async def record_many(
    session: AsyncSession, principal: Principal, statements: Sequence[Statement]
) -> list[UUID]:
    """Like `record`, in a fixed number of statements for any number. The persons are locked."""
    rows, today = [_row(principal, each) for each in statements], clock.today()
    await take_places(session, principal, rows)
    for row in rows:
        _end(row, today)
    await insert_rows(session, SkillAssertion, rows)
    await events.publish_many(session, principal, facts=of_new(rows))
    await days.plan(session, principal, expiry.EXPIRE, [row["expires_on"] for row in rows])
    pairs = [(row["person_id"], row["skill_id"]) for row in rows]
    await estimates.refresh(session, principal, pairs, today=today)
    return [row["id"] for row in rows]


async def annul(
    session: AsyncSession, principal: Principal, assertion_id: UUID, *, reason: str
) -> None:
    """Who said it says that it was none: also of what no longer stands, so that it keeps nothing older from standing.

    The person is locked.
    """
    rows = await session.execute(
        select(SkillAssertion.__table__).where(SkillAssertion.id == assertion_id)
    )
    found, gone = dict(rows.mappings().one()), AssertionState.RETRACTED
    if gone in STEPS[found["state"]]:
        fact = AssertionRetracted
        await step(session, principal, assertion=found, to=gone, fact=fact, reason=reason)
    elif found["state"] in (AssertionState.SUPERSEDED, AssertionState.EXPIRED):
        kept = {"id": found["id"], "state": gone, "sequence": found["sequence"] + 1}
        await update_rows(session, SkillAssertion, [kept])
        taken = _step(principal, found, gone, reason=reason)
        await insert_rows(session, AssertionStep, [taken])


async def take_places(
    session: AsyncSession, principal: Principal, rows: Sequence[dict[str, Any]]
) -> None:
    """Before many rows are stored: marks those that a newer word replaces, supersedes what they replace."""
    older = await succession.take_places(session, rows)
    await _supersede(session, principal, older)


async def step(
    session: AsyncSession,
    principal: Principal,
    *,
    assertion: Mapping[str, Any],
    to: AssertionState,
    fact: type[AssertionFact] | None,
    reason: str | None,
) -> None:
    """One step of an assertion's state, and what follows from it. Raises `StateTransition`."""
    current: AssertionState = assertion["state"]
    if to not in STEPS[current]:
        raise StateTransition(current, to, STEPS[current])
    row = dict(assertion) | {"state": to, "sequence": assertion["sequence"] + 1}
    older = await succession.take_place(session, row) if to is AssertionState.CONFIRMED else []
    kept = {name: row[name] for name in ("id", "state", "sequence", "supersedes_id")}
    await update_rows(session, SkillAssertion, [kept])
    await insert_rows(
        session, AssertionStep, [_step(principal, assertion, row["state"], reason=reason)]
    )
    await _supersede(session, principal, older)
    if to in GONE:
        await _restore(session, principal, assertion)
    if fact is not None:
        told = of_assertion(fact, row)
        await events.publish(session, principal, told, subject=row["id"], sequence=row["sequence"])
    pair = (row["person_id"], row["skill_id"])
    await estimates.refresh(session, principal, [pair], today=clock.today())


async def _restore(session: AsyncSession, principal: Principal, gone: Mapping[str, Any]) -> None:
    again = await succession.standing_again(session, gone)
    if again is None:
        return
    older, state = again
    kept = {"id": older["id"], "state": state, "sequence": older["sequence"] + 1}
    await update_rows(session, SkillAssertion, [kept])
    step = _step(
        principal, older, state, reason="What had superseded it was taken back or rejected."
    )
    await insert_rows(session, AssertionStep, [step])
    if state is AssertionState.PENDING_REVIEW:
        again_asked = of_assertion(AssertionReviewRequested, dict(older) | kept)
        sequence = kept["sequence"]
        await events.publish(
            session, principal, again_asked, subject=older["id"], sequence=sequence
        )


async def _supersede(
    session: AsyncSession, principal: Principal, older: list[Mapping[str, Any]]
) -> None:
    superseded = AssertionState.SUPERSEDED
    await update_rows(
        session,
        SkillAssertion,
        [
            {"id": each["id"], "state": superseded, "sequence": each["sequence"] + 1}
            for each in older
        ],
    )
    steps = [_step(principal, each, superseded, reason=None) for each in older]
    await insert_rows(session, AssertionStep, steps)
    waited = [each for each in older if each["state"] is AssertionState.PENDING_REVIEW]
    told = [
        (
            of_assertion(AssertionSuperseded, dict(each) | {"state": superseded}),
            each["id"],
            each["sequence"] + 1,
        )
        for each in waited
    ]
    await events.publish_many(session, principal, facts=told)


def _row(principal: Principal, statement: Statement) -> dict[str, Any]:
    return asdict(statement) | {
        "id": new_id(),
        "author_id": principal.person_id,
        "recorded_at": clock.now(),
        "supersedes_id": None,
        "sequence": 1,
    }


def _end(row: dict[str, Any], today: date) -> None:
    ended = row["expires_on"] is not None and row["expires_on"] <= today
    if ended and row["state"] is not AssertionState.SUPERSEDED:
        row["state"] = AssertionState.EXPIRED


def _step(
    principal: Principal, assertion: Mapping[str, Any], to: AssertionState, *, reason: str | None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "assertion_id": assertion["id"],
        "from_state": assertion["state"],
        "to_state": to,
        "by_person_id": principal.person_id,
        "reason": reason,
        "taken_at": clock.now(),
    }
