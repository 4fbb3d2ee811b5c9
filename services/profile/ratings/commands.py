"""Asking for a rating, answering, declining, taking it back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import queries as people
from services.profile.people.models import Person
from services.profile.people.rules import WITH_ACCESS
from services.profile.policy import POLICY
from services.profile.ratings import queries
from services.profile.ratings.events import tell
from services.profile.ratings.models import Rating
from services.profile.ratings.problems import AlreadyAsked, NotThisRater, SkillNotAsked
from services.profile.ratings.rules import MOST_DAYS, STEPS, RatingState, last_day, state_on
from services.profile.ratings.schemas import Answer, RatingCreate
from services.profile.reactions import jobs as profile_jobs
from services.profile.skills import asserting, estimates, recording
from services.profile.skills.asserting import Statement
from services.profile.skills.rules import AssertionSource, AssertionState, EvidenceKind
from shared import clock
from shared.ids import new_id
from shared.jobs import days
from shared.problems import Forbidden, Invalid, StateTransition
from shared.tenancy import Principal

EXPIRE = "ratings.expire"
MOST_AT_ONCE = 500


async def ask(session: AsyncSession, principal: Principal, *, new: RatingCreate) -> Rating:
    """Raises `NotFound`, `Forbidden`, `NotThisRater`, `AlreadyAsked`, `UnknownSkill`, `FrameworkIsDraft`, …"""
    person_id = new.person_id or principal.person_id
    if person_id is None or principal.person_id is None:
        raise Forbidden("Only persons ask for ratings.")
    await people.person(session, principal, person_id)
    if not await POLICY.may(session, principal, "RATING", "ASK", person_id):
        raise Forbidden("The person or their manager asks for ratings.")
    today = clock.today()
    due_on = last_day(new.due_on, today=today)
    if due_on is None:
        raise Invalid.field("/dueOn", f"choose a day within the next {MOST_DAYS} days")
    await _refuse_rater(session, principal, person_id, new.rater_id)
    await recording.refuse_closed(session, new.skill_ids)
    await estimates.lock(session, [person_id])
    await _refuse_repeated(session, person_id, new)
    rating = Rating(
        id=new_id(),
        person_id=person_id,
        rater_id=new.rater_id,
        asked_by_id=principal.person_id,
        state=RatingState.OPEN,
        message=new.message,
        items=[_item(skill_id) for skill_id in new.skill_ids],
        due_on=due_on,
        asked_at=clock.now(),
    )
    session.add(rating)
    await tell(session, principal, rating)
    await days.plan(session, principal, EXPIRE, [due_on + timedelta(days=1)])
    return rating


def _item(skill_id: UUID) -> dict[str, Any]:
    return {"skillId": str(skill_id), "level": None, "comment": None, "assertionId": None}


async def _refuse_rater(
    session: AsyncSession, principal: Principal, person_id: UUID, rater_id: UUID
) -> None:
    if rater_id == person_id:
        raise NotThisRater("/raterId: nobody rates themself; record a SELF assertion instead")
    if rater_id == principal.person_id:
        raise NotThisRater("/raterId: record what you think yourself, nobody needs to be asked")
    works = select(Person.id).where(Person.id == rater_id, Person.status.in_(WITH_ACCESS))
    if await session.scalar(works) is None:
        raise NotThisRater("/raterId: nobody who works here has this id")


async def _refuse_repeated(session: AsyncSession, person_id: UUID, new: RatingCreate) -> None:
    rows = await session.scalars(
        select(Rating.items).where(
            Rating.person_id == person_id,
            Rating.rater_id == new.rater_id,
            Rating.state == RatingState.OPEN,
            Rating.due_on >= clock.today(),
        )
    )
    asked = {item["skillId"] for items in rows for item in items}
    if asked & {str(skill_id) for skill_id in new.skill_ids}:
        raise AlreadyAsked("skillIds: wait for the answer, or take the earlier request back.")


async def answer(
    session: AsyncSession, principal: Principal, *, rating_id: UUID, given: Answer
) -> Rating:
    """Each rated skill becomes an assertion of the rater. Raises `NotFound`, `Forbidden`, `StateTransition`, …"""
    rating = await _of_rater(session, principal, rating_id)
    _allow_step(rating, RatingState.ANSWERED)
    rated = {str(each.skill_id): each for each in given.ratings}
    if rated.keys() - {item["skillId"] for item in rating.items}:
        raise SkillNotAsked("/ratings: rate only the skills that you are asked for")
    await recording.refuse_closed(session, [each.skill_id for each in given.ratings])
    await estimates.lock(session, [rating.person_id])
    source = await _source(session, principal, rating.person_id)
    items = []
    for item in rating.items:
        if (said := rated.get(item["skillId"])) is None:
            items.append(item)
            continue
        statement = Statement(
            person_id=rating.person_id,
            skill_id=said.skill_id,
            source=source,
            level=said.level,
            occurred_on=clock.today(),
            state=AssertionState.CONFIRMED,
            assessor_id=principal.person_id,
            evidence=[_testimony(rating)],
            note=said.comment,
        )
        assertion_id = await asserting.record(session, principal, statement)
        told = {"level": said.level, "comment": said.comment, "assertionId": str(assertion_id)}
        items.append(item | told)
    rating.items = items
    return await _close(session, principal, rating, RatingState.ANSWERED, given.comment)


async def _source(session: AsyncSession, principal: Principal, person_id: UUID) -> AssertionSource:
    """Whoever leads the person at this moment answers as their manager, everybody else as a peer."""
    leads = await POLICY.may(session, principal, "ASSERTION", "RECORD_AS_MANAGER", person_id)
    return AssertionSource.MANAGER if leads else AssertionSource.PEER


def _testimony(rating: Rating) -> dict[str, Any]:
    return {
        "kind": EvidenceKind.TESTIMONY,
        "title": "A rating that was asked for",
        "capturedAt": clock.now().isoformat(),
        "provenance": {"agent": str(rating.rater_id), "activity": str(rating.id)},
    }


async def decline(
    session: AsyncSession, principal: Principal, *, rating_id: UUID, reason: str | None
) -> Rating:
    """Raises `NotFound`, `Forbidden`, `StateTransition`."""
    rating = await _of_rater(session, principal, rating_id)
    _allow_step(rating, RatingState.DECLINED)
    return await _close(session, principal, rating, RatingState.DECLINED, reason)


async def cancel(session: AsyncSession, principal: Principal, *, rating_id: UUID) -> Rating:
    """Raises `NotFound`, `Forbidden`, `StateTransition`."""
    rating = await queries.rating(session, principal, rating_id, locked=True)
    asked = principal.person_id == rating.asked_by_id
    if not (asked or await POLICY.may(session, principal, "RATING", "ASK", rating.person_id)):
        raise Forbidden("Whoever asked, the person or their manager takes it back.")
    _allow_step(rating, RatingState.CANCELLED)
    return await _close(session, principal, rating, RatingState.CANCELLED, None)


@days.on_day(profile_jobs, EXPIRE, most=MOST_AT_ONCE)
async def expire_due(session: AsyncSession, principal: Principal, *, today: date) -> int:
    """Ends the next ones whose last day has passed; answers how many."""
    due = select(Rating).where(Rating.state == RatingState.OPEN, Rating.due_on < today)
    found: Sequence[Rating] = (
        await session.scalars(due.order_by(Rating.id).limit(MOST_AT_ONCE).with_for_update())
    ).all()
    for rating in found:
        await _close(session, principal, rating, RatingState.EXPIRED, None)
    return len(found)


async def _of_rater(session: AsyncSession, principal: Principal, rating_id: UUID) -> Rating:
    rating = await queries.rating(session, principal, rating_id, locked=True)
    if principal.person_id != rating.rater_id:
        raise Forbidden("Only who is asked answers.")
    return rating


def _allow_step(rating: Rating, to: RatingState) -> None:
    now = state_on(rating.state, rating.due_on, today=clock.today())
    if to not in STEPS[now]:
        raise StateTransition(now, to, STEPS[now])


async def _close(
    session: AsyncSession,
    principal: Principal,
    rating: Rating,
    to: RatingState,
    words: str | None,
) -> Rating:
    rating.state, rating.closed_at, rating.closing_words = to, clock.now(), words
    await tell(session, principal, rating)
    return rating
