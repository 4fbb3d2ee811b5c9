"""Associations and migrations on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from services.profile.crosswalks.rules import (
    CARRYING,
    USUAL,
    AssociationType,
    Fate,
    MigrationState,
)
from services.profile.wording import Code
from shared.schemas import Input, Output

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Place = Annotated[int, Field(ge=0, le=100_000)]


class AssociationCreate(Input):
    """How one skill relates to another."""

    origin_id: UUID
    destination_id: UUID
    type: AssociationType
    confidence: Share | None = None
    place: Place | None = None


class AssociationRow(Input):
    """A line of `/imports/skill-associations`; frameworks by their keys, skills by their codes."""

    origin_framework: Code
    origin_code: Code
    type: AssociationType
    destination_framework: Code
    destination_code: Code
    confidence: Share | None = None
    place: Place | None = None

    @property
    def key(self) -> str:
        origin = f"{self.origin_framework}/{self.origin_code}"
        return f"{origin} {self.type} {self.destination_framework}/{self.destination_code}"


class AssociationRead(Output):
    """How one skill relates to another."""

    id: UUID
    origin_id: UUID
    destination_id: UUID
    type: AssociationType
    confidence: float | None
    place: int | None


def _can_carry(using: list[AssociationType]) -> list[AssociationType]:
    if not set(using) <= CARRYING:
        raise ValueError(f"choose among {', '.join(sorted(CARRYING))}")
    return using


Using = Annotated[
    list[AssociationType],
    Field(min_length=1, max_length=len(CARRYING)),
    AfterValidator(_can_carry),
]


class MigrationWanted(Input):
    """Where the evidence should go, and which associations carry it."""

    to_framework_id: UUID
    using: Using = Field(default=list(USUAL))


class MigrationStart(MigrationWanted):
    """`acceptLoss` says that evidence without a place may stay behind, in the old framework."""

    accept_loss: bool = False


class SkillFate(Output):
    """What becomes of one skill's evidence: how many standing assertions of how many people go where."""

    skill_id: UUID
    code: str
    statement: str
    fate: Fate
    target_ids: list[UUID]
    assertions: int
    people: int


class FateSum(Output):
    """All skills of one fate."""

    fate: Fate
    skills: int
    assertions: int


class MigrationReport(Output):
    """What a migration does, before it does it.

    `superseded` of the assertions would at once be replaced by a newer one of the same source and assessor, because
    several skills become one. What is lost stays where it is, in the old framework.
    """

    from_id: UUID
    to_id: UUID
    using: list[AssociationType]
    assertions: int
    people: int
    superseded: int
    lost_assertions: int
    lost_people: int
    sums: list[FateSum]
    skills: list[SkillFate]


class MigrationRead(Output):
    """A migration and the report of its start."""

    id: UUID
    from_id: UUID
    to_id: UUID
    state: MigrationState
    copied: int
    started_by_id: UUID | None
    started_at: datetime
    finished_at: datetime | None
    report: MigrationReport
