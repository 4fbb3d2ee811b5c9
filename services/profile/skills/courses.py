"""A completed course is evidence: what goals says of learning becomes assertions here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import Person
from services.profile.reactions import handlers
from services.profile.skills import asserting, estimates
from services.profile.skills.asserting import Statement
from services.profile.skills.models import Skill, SkillAssertion, SkillEstimate
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
    for event in events:
        course = event.payload
        if course.person_id not in people:
            log.warning("course of nobody", event_id=str(event.id), person=str(course.person_id))
            continue
        gains = {gain.skill_id: gain.expected_delta for gain in course.skills}
        for skill_id in sorted(known & gains.keys()):
            if (event.id, skill_id) not in done:
                statement = await _statement(session, event, skill_id, gains[skill_id])
                await asserting.record(session, principal, statement)


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


async def _statement(
    session: AsyncSession, event: Incoming[CourseCompleted], skill_id: UUID, delta: float
) -> Statement:
    course = event.payload
    estimate = (
        await session.execute(
            select(SkillEstimate.level, SkillEstimate.self_level).where(
                SkillEstimate.person_id == course.person_id, SkillEstimate.skill_id == skill_id
            )
        )
    ).one_or_none()
    level, own = (estimate.level, estimate.self_level) if estimate else (None, None)
    completed_at = course.completed_at or event.occurred_at
    return Statement(
        person_id=course.person_id,
        skill_id=skill_id,
        source=AssertionSource.COURSE,
        level=course_level(level, own, delta),
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
