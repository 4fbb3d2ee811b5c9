"""Unused skills on the wire."""

from uuid import UUID

from shared.schemas import Output


class UnusedSkill(Output):
    """A skill that somebody holds and that their role does not ask for, with its 90 % interval today."""

    person_id: UUID
    skill_id: UUID
    level: float
    interval_low: float
    interval_high: float
    role_id: UUID
