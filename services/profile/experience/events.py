"""What experience tells the other services: never of a record that is the person's alone."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.experience.models import Experience
from services.profile.experience.rules import ExperienceType, Verification
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class ExperienceFact(Fact):
    """The record as it is after the change; `ended_on` is the last day, None while it goes on.

    Of a withdrawn record, and of one that its person has made private, `withdrawn` is true: forget it.
    """

    record_id: UUID
    person_id: UUID
    type: ExperienceType
    title: str
    organisation: str | None
    started_on: date
    ended_on: date | None
    hours_per_week: float | None
    team_size_led: int | None
    skill_ids: list[UUID]
    verification: Verification
    withdrawn: bool


class ExperienceRecorded(ExperienceFact, type="waymark.profile.experience.recorded.v1"):
    """Somebody says what they have done, or shows what was private before."""


class ExperienceChanged(ExperienceFact, type="waymark.profile.experience.changed.v1"):
    """The record says something else, or nobody stands for it any more."""


class ExperienceVerified(ExperienceFact, type="waymark.profile.experience.verified.v1"):
    """The person's manager or HR stands for it."""


class ExperienceWithdrawn(ExperienceFact, type="waymark.profile.experience.withdrawn.v1"):
    """The person has taken it back, or made it private."""


FACTS: tuple[type[Fact], ...] = (
    ExperienceRecorded,
    ExperienceChanged,
    ExperienceVerified,
    ExperienceWithdrawn,
)

_COPIED = (
    "person_id",
    "type",
    "title",
    "organisation",
    "started_on",
    "ended_on",
    "hours_per_week",
    "team_size_led",
    "verification",
)


async def tell(
    session: AsyncSession, principal: Principal, record: Experience, fact: type[ExperienceFact]
) -> None:
    """Publishes the record as it is; its row must have been flushed."""
    told = fact(
        record_id=record.id,
        skill_ids=[UUID(each["skillId"]) for each in record.skills],
        withdrawn=fact is ExperienceWithdrawn,
        **{name: getattr(record, name) for name in _COPIED},
    )
    await events.publish(session, principal, told, subject=record.id, sequence=record.version)
