"""What profile tells of things that wait for somebody: ratings, words on skills, records, assessments, contacts.

Its facts say who has to do what by ids and days alone; what it is about a reader reads in profile, if they may.
"""

from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.registry import handlers
from services.feedback.tasks import turns
from services.feedback.tasks.models import Waiting
from services.feedback.tasks.rules import TaskKind
from services.feedback.tasks.turns import Turn
from shared.events import Incoming, Payload
from shared.tenancy import Principal

OPEN, DECLARED, PENDING_REVIEW = "OPEN", "DECLARED", "PENDING_REVIEW"
NOT_HANDED_IN = ("ASSIGNED", "IN_PROGRESS")
REVIEWS = tuple(
    f"waymark.profile.skill_assertion.{verb}.v1"
    for verb in ("review_requested", "confirmed", "rejected", "superseded", "expired", "retracted")
)
"""What begins a review and what ends one; that something was said begins none, and that is said most."""


class RatingSnapshot(Payload):
    """A rating that somebody is asked for."""

    rating_id: UUID
    person_id: UUID
    rater_id: UUID
    asked_by_id: UUID
    state: str
    due_on: date


class CredentialSnapshot(Payload):
    """A credential; with `notice_days` it runs out soon."""

    credential_id: UUID
    person_id: UUID
    verification: str
    expires_on: date | None = None
    expired_on: date | None = None
    notice_days: int | None = None
    withdrawn: bool = False


class ExperienceSnapshot(Payload):
    """A record of experience that is not its person's alone, or no more."""

    record_id: UUID
    person_id: UUID
    verification: str
    withdrawn: bool = False


class AssertionSnapshot(Payload):
    """What somebody says of a skill of theirs, and whether it waits for another's word."""

    assertion_id: UUID
    person_id: UUID
    state: str


class AssessmentSnapshot(Payload):
    """A session of an instrument; of an older fact nobody knows who assigned it."""

    assessment_id: UUID
    person_id: UUID
    state: str
    assigned_by_id: UUID | None = None
    last_on: date | None = None


class FollowUpSnapshot(Payload):
    """A talk that its owner wants to follow up, with no day when there is nothing to be done."""

    interaction_id: UUID
    person_id: UUID
    follow_up_on: date | None = None


class IntroductionSnapshot(Payload):
    """An introduction, and whose answer is waited for."""

    introduction_id: UUID
    person_id: UUID
    introducer_id: UUID
    target_id: UUID
    waits_for_id: UUID | None = None
    ends_at: datetime


@handlers.on("waymark.profile.rating.*.v1", group="waiting")
async def keep_rating(
    session: AsyncSession, principal: Principal, event: Incoming[RatingSnapshot]
) -> None:
    told = event.payload
    asked = Turn(
        TaskKind.ANSWER_RATING,
        told.person_id,
        turn_of=told.rater_id,
        also_of=told.asked_by_id,
        due_on=told.due_on,
    )
    waiting = [asked] if told.state == OPEN else []
    await turns.keep(session, principal, told.rating_id, waiting, told_at=event.occurred_at)


@handlers.on("waymark.profile.credential.*.v1", group="waiting")
async def keep_credential(
    session: AsyncSession, principal: Principal, event: Incoming[CredentialSnapshot]
) -> None:
    """One that has run out needs nobody's word, and what was announced of it is over."""
    told, waiting = event.payload, []
    holds = not told.withdrawn and told.expired_on is None
    if holds and told.verification == DECLARED:
        waiting.append(Turn(TaskKind.VERIFY_CREDENTIAL, told.person_id))
    if holds and told.notice_days is not None:
        renew = Turn(
            TaskKind.RENEW_CREDENTIAL,
            told.person_id,
            turn_of=told.person_id,
            due_on=told.expires_on,
        )
        waiting.append(renew)
    await turns.keep(session, principal, told.credential_id, waiting, told_at=event.occurred_at)


@handlers.on("waymark.profile.experience.*.v1", group="waiting")
async def keep_experience(
    session: AsyncSession, principal: Principal, event: Incoming[ExperienceSnapshot]
) -> None:
    told = event.payload
    waits = told.verification == DECLARED and not told.withdrawn
    waiting = [Turn(TaskKind.VERIFY_EXPERIENCE, told.person_id)] if waits else []
    await turns.keep(session, principal, told.record_id, waiting, told_at=event.occurred_at)


@handlers.on(*REVIEWS, group="waiting")
async def keep_review(
    session: AsyncSession, principal: Principal, event: Incoming[AssertionSnapshot]
) -> None:
    told = event.payload
    waits = told.state == PENDING_REVIEW
    waiting = [Turn(TaskKind.REVIEW_SKILL, told.person_id)] if waits else []
    await turns.keep(session, principal, told.assertion_id, waiting, told_at=event.occurred_at)


@handlers.on("waymark.profile.assessment.*.v1", group="waiting")
async def keep_assessment(
    session: AsyncSession, principal: Principal, event: Incoming[AssessmentSnapshot]
) -> None:
    """What somebody else asks for; what one takes of one's own accord waits for nobody."""
    told, waiting = event.payload, []
    asked = told.assigned_by_id not in (None, told.person_id)
    if asked and told.state in NOT_HANDED_IN:
        take = Turn(
            TaskKind.TAKE_ASSESSMENT, told.person_id, turn_of=told.person_id, due_on=told.last_on
        )
        waiting.append(take)
    await turns.keep(session, principal, told.assessment_id, waiting, told_at=event.occurred_at)


@handlers.on("waymark.profile.follow_up.*.v1", group="waiting")
async def keep_follow_up(
    session: AsyncSession, principal: Principal, event: Incoming[FollowUpSnapshot]
) -> None:
    """Nothing to do before its day, which begins at midnight UTC."""
    told, waiting = event.payload, []
    if told.follow_up_on is not None:
        due = Turn(
            TaskKind.FOLLOW_UP,
            told.person_id,
            turn_of=told.person_id,
            due_on=told.follow_up_on,
            opens_at=datetime.combine(told.follow_up_on, time.min, UTC),
        )
        waiting.append(due)
    await turns.keep(session, principal, told.interaction_id, waiting, told_at=event.occurred_at)


@handlers.on("waymark.profile.introduction.*.v1", group="waiting")
async def keep_introduction(
    session: AsyncSession, principal: Principal, event: Incoming[IntroductionSnapshot]
) -> None:
    told, waiting = event.payload, []
    if told.waits_for_id is not None:
        others = {told.introducer_id, told.target_id} - {told.waits_for_id}
        answer = Turn(
            TaskKind.ANSWER_INTRODUCTION,
            told.person_id,
            turn_of=told.waits_for_id,
            also_of=others.pop(),
            due_on=told.ends_at.astimezone(UTC).date(),
            ends_at=told.ends_at,
        )
        waiting.append(answer)
    await turns.keep(session, principal, told.introduction_id, waiting, told_at=event.occurred_at)


@handlers.rebuilt_after("waiting")
async def reset(session: AsyncSession) -> None:
    """Tasks stay, and are put right by the replay."""
    await session.execute(delete(Waiting))
