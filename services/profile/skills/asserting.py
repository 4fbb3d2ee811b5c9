"""What is said about people's skills: recorded once, then confirmed, rejected, superseded, retracted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills import estimates, expiry, succession
from services.profile.skills.events import AssertionFact, AssertionRecorded, of_assertion
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
    row = asdict(statement) | {
        "id": new_id(),
        "author_id": principal.person_id,
        "recorded_at": clock.now(),
        "supersedes_id": None,
        "sequence": 1,
    }
    today = clock.today()
    older = await succession.take_place(session, row)
    ended = statement.expires_on is not None and statement.expires_on <= today
    if ended and row["state"] is not AssertionState.SUPERSEDED:
        row["state"] = AssertionState.EXPIRED
    await insert_rows(session, SkillAssertion, [row])
    await _supersede(session, principal, older)
    fact = of_assertion(AssertionRecorded, row)
    await events.publish(session, principal, fact, subject=row["id"], sequence=1)
    await days.plan(session, principal, expiry.EXPIRE, [statement.expires_on])
    pair = (statement.person_id, statement.skill_id)
    await estimates.refresh(session, principal, [pair], today=today)
    assertion_id: UUID = row["id"]
    return assertion_id


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
