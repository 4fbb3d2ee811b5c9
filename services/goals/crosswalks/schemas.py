"""Replaced frameworks and requirements on the wire."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.goals.crosswalks.rules import CrosswalkState, Outcome
from shared.schemas import Output


class CrosswalkRead(Output):
    """A framework that was replaced by another one, and how far the roles have followed."""

    id: UUID
    from_id: UUID
    from_key: str
    to_id: UUID
    to_key: str
    state: CrosswalkState
    told_at: datetime
    applied_at: datetime | None


class OutcomeCount(Output):
    """How many requirements of how many roles had one outcome."""

    outcome: Outcome
    requirements: int
    roles: int


class CrosswalkDetail(CrosswalkRead):
    """With what became of all requirements, in numbers."""

    counts: Sequence[OutcomeCount]


class RelatedSkill(Output):
    """A skill of the new framework; what the old one is to it or, `turned`, what it is to the old one."""

    skill_id: UUID
    type: str
    turned: bool


class MovedRequirementRead(Output):
    """What became of a role's requirement of `skillId`; all but what was MOVED to `targetId` is as it was."""

    id: UUID
    role_id: UUID
    skill_id: UUID
    outcome: Outcome
    target_id: UUID | None
    from_version: int
    to_version: int | None
    decided_at: datetime
    relations: Sequence[RelatedSkill]
