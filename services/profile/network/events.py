"""What networks tell inside Waymark: that somebody has something to do, and by when.

Never whom they know, what was said, or who said no: ids and days, from which an inbox is made.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.network.models import Interaction, Introduction
from services.profile.network.rules import LASTS
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class FollowUpFact(Fact):
    """The follow-up of a talk of `person_id`'s own as it is after the change; no day when nothing is to be done."""

    interaction_id: UUID
    person_id: UUID
    follow_up_on: date | None


class FollowUpPlanned(FollowUpFact, type="waymark.profile.follow_up.planned.v1"):
    """Somebody wants to follow up a talk, or on another day than before."""


class FollowUpSettled(FollowUpFact, type="waymark.profile.follow_up.settled.v1"):
    """It is done, or not wanted any more."""


class IntroductionFact(Fact):
    """Whose answer `person_id` waits for who asked, until `ends_at`; nobody's once the last one has been given."""

    introduction_id: UUID
    person_id: UUID
    introducer_id: UUID
    target_id: UUID
    waits_for_id: UUID | None
    ends_at: datetime


class IntroductionAsked(IntroductionFact, type="waymark.profile.introduction.asked.v1"):
    """Somebody is asked to introduce a colleague to another."""


class IntroductionOffered(IntroductionFact, type="waymark.profile.introduction.offered.v1"):
    """They would, and who is to be met may say yes or no."""


class IntroductionSettled(IntroductionFact, type="waymark.profile.introduction.settled.v1"):
    """Nobody is waited for any more; a no and the last yes are told alike."""


FACTS: tuple[type[Fact], ...] = (
    FollowUpPlanned,
    FollowUpSettled,
    IntroductionAsked,
    IntroductionOffered,
    IntroductionSettled,
)


def waits_until(row: Interaction) -> date | None:
    """The day of a follow-up that is still to be done."""
    return row.follow_up_on if row.followed_up_at is None else None


async def tell_follow_up(
    session: AsyncSession, principal: Principal, row: Interaction, *, before: date | None
) -> None:
    """When it is another day, or none, than before the change; the row must have been flushed."""
    day = waits_until(row)
    if day == before:
        return
    kind = FollowUpSettled if day is None else FollowUpPlanned
    told = kind(interaction_id=row.id, person_id=row.owner_id, follow_up_on=day)
    await events.publish(session, principal, told, subject=row.id, sequence=row.version)


async def tell_removed(
    session: AsyncSession, principal: Principal, rows: Sequence[Interaction]
) -> None:
    """Of talks that are about to go."""
    waiting = [row for row in rows if waits_until(row) is not None]
    facts = [
        (
            FollowUpSettled(interaction_id=row.id, person_id=row.owner_id, follow_up_on=None),
            row.id,
            row.version + 1,
        )
        for row in waiting
    ]
    await events.publish_many(session, principal, facts=facts)


async def tell_introduction(session: AsyncSession, principal: Principal, row: Introduction) -> None:
    """Publishes whose turn it is now; each step is told once."""
    kind, sequence, waits_for = _turn(row)
    told = kind(
        introduction_id=row.id,
        person_id=row.requester_id,
        introducer_id=row.introducer_id,
        target_id=row.target_id,
        waits_for_id=waits_for,
        ends_at=row.asked_at + LASTS,
    )
    await events.publish(session, principal, told, subject=row.id, sequence=sequence)


def _turn(row: Introduction) -> tuple[type[IntroductionFact], int, UUID | None]:
    if row.accepted_at is not None or row.declined_at is not None:
        return IntroductionSettled, 3, None
    if row.offered_at is not None:
        return IntroductionOffered, 2, row.target_id
    return IntroductionAsked, 1, row.introducer_id
