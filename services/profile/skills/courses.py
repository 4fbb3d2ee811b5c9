"""A completed course is evidence: what goals says of learning becomes assertions here."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import Person
from services.profile.reactions import handlers
from services.profile.skills import asserting, estimates
from services.profile.skills.asserting import Statement
from services.profile.skills.models import Skill, SkillAssertion
from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EvidenceKind,
    course_level,
)
from shared import clock
from shared.events import Incoming, Payload
from shared.tenancy import Principal

log = structlog.get_logger()


class SkillGain(Payload):
    """How much a course is expected to add to a skill."""

    skill_id: UUID
    expected_delta: float


class CourseCompleted(Payload):
    """What is read of a completed learning record."""

    record_id: UUID
    person_id: UUID
    resource_id: UUID
    title: str | None = None
    completed_at: datetime | None = None
    skills: tuple[SkillGain, ...] = ()


@handlers.on("waymark.goals.learning_record.completed.v1", group="learning")
async def on_completed(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[CourseCompleted]]
) -> None:
    """One assertion a skill: the level so far plus what the course adds; the same event again adds nothing."""
    told = {event.payload.person_id for event in events}
    people = set(await session.scalars(select(Person.id).where(Person.id.in_(told))))
    await estimates.lock(session, people)
    skills = {gain.skill_id for event in events for gain in event.payload.skills}
    known = set(await session.scalars(select(Skill.id).where(Skill.id.in_(skills))))
    done = await _done(session, events)
    gains = []
    for event in events:
        if event.payload.person_id in people:
            gains += [
                each for each in _gains(event, known) if (event.id, each.skill_id) not in done
            ]
        else:
            person = str(event.payload.person_id)
            log.warning("course of nobody", event_id=str(event.id), person=person)
    for turn in _turns(gains):
        await _assert(session, principal, turn)


class _Gain(NamedTuple):
    """What one course adds to one skill of who has completed it."""

    event: Incoming[CourseCompleted]
    skill_id: UUID
    delta: float

    @property
    def pair(self) -> estimates.Pair:
        return self.event.payload.person_id, self.skill_id


def _gains(event: Incoming[CourseCompleted], known: set[UUID]) -> list[_Gain]:
    deltas = {gain.skill_id: gain.expected_delta for gain in event.payload.skills}
    return [_Gain(event, skill_id, deltas[skill_id]) for skill_id in sorted(known & deltas.keys())]


def _turns(gains: Sequence[_Gain]) -> list[list[_Gain]]:
    """In the order told: a skill's second course begins where its first has led."""
    turns: list[list[_Gain]] = []
    told: Counter[estimates.Pair] = Counter()
    for gain in gains:
        if told[gain.pair] == len(turns):
            turns.append([])
        turns[told[gain.pair]].append(gain)
        told[gain.pair] += 1
    return turns


async def _assert(session: AsyncSession, principal: Principal, gains: Sequence[_Gain]) -> None:
    """Each about another skill or another person."""
    known = await estimates.levels(session, [gain.pair for gain in gains])
    statements = [_statement(gain, *known.get(gain.pair, (None, None))) for gain in gains]
    await asserting.record_many(session, principal, statements)


async def _done(
    session: AsyncSession, events: Sequence[Incoming[CourseCompleted]]
) -> set[tuple[UUID, UUID]]:
    """What of these events has become an assertion before, by event and skill."""
    rows = await session.execute(
        select(SkillAssertion.origin_event_id, SkillAssertion.skill_id).where(
            SkillAssertion.origin_event_id.in_([event.id for event in events])
        )
    )
    return {(row.origin_event_id, row.skill_id) for row in rows}


def _statement(gain: _Gain, level: float | None, own: float | None) -> Statement:
    """`level` and the `own` word are those so far."""
    event, course = gain.event, gain.event.payload
    completed_at = course.completed_at or event.occurred_at
    return Statement(
        person_id=course.person_id,
        skill_id=gain.skill_id,
        source=AssertionSource.COURSE,
        level=course_level(level, own, gain.delta),
        occurred_on=min(completed_at.date(), clock.today()),
        state=AssertionState.CONFIRMED,
        assessor_group=f"course:{course.resource_id}",
        evidence=[
            {
                "kind": EvidenceKind.COURSE_COMPLETION,
                "title": course.title,
                "capturedAt": completed_at.isoformat(),
                "provenance": {"activity": str(course.record_id), "sourceEventId": str(event.id)},
            }
        ],
        origin_event_id=event.id,
    )
