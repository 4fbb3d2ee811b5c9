"""What the plain gateway reads of the services: whole records as pydantic models, one a view."""

from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Shaped(BaseModel):
    """Camel case on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Record(Shaped):
    """A record of a view: all of its fields are asked for, whatever the query wants."""

    service: ClassVar[str]
    view: ClassVar[str]


class PersonRecord(Record):
    """Of `people`."""

    service, view = "profile", "people"

    id: str
    person_id: UUID
    display_name: str
    preferred_name: str | None
    work_email: str | None
    subject: str | None
    status: str | None
    locale: str | None
    time_zone: str | None
    hire_date: date | None
    termination_date: date | None
    manager_id: UUID | None
    org_unit_id: UUID | None
    role_id: UUID | None
    role_title: str | None
    level: str | None
    employment_type: str | None
    assignment_since: date | None


class UnitRecord(Record):
    """Of `org_units`."""

    service, view = "profile", "org_units"

    id: str
    name: str
    type: str
    parent_id: UUID | None
    leader_id: UUID | None


class SkillRecord(Record):
    """Of `skills`."""

    service, view = "profile", "skills"

    id: str
    code: str
    statement: str
    description: str | None
    type: str
    half_life_months: float | None


class SkillLevelRecord(Record):
    """Of `skill_levels`."""

    service, view = "profile", "skill_levels"

    id: str
    skill_id: UUID
    level: float | None
    self_level: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float | None
    as_of: date | None


class RoleRecord(Record):
    """Of `roles`."""

    service, view = "goals", "roles"

    id: str
    catalogue: str
    code: str
    title: str
    level: int | None
    track: str | None
    description: str | None
    version: int


class GapItemRecord(Shaped):
    """One required skill of a gap."""

    skill_id: UUID
    status: str
    as_is: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float | None
    required: float
    gap: float | None
    weight: float
    mandatory: bool
    blocker: bool


class GapRecord(Record):
    """Of `gaps`."""

    service, view = "goals", "gaps"

    target_type: str
    readiness: float | None
    readiness_low: float | None
    readiness_high: float | None
    unassessed_share: float
    gap_count: int
    unassessed_count: int
    items: list[GapItemRecord]


class GoalRecord(Record):
    """Of `goals`."""

    service, view = "goals", "goals"

    id: str
    title: str
    description: str | None
    kind: str
    horizon: str
    state: str
    health: str
    progress: float
    priority: int
    weight: float
    visibility: str
    due_date: date | None
    version: int
    created_at: datetime


class MilestoneRecord(Record):
    """Of `milestones`."""

    service, view = "goals", "milestones"

    id: str
    title: str
    due_date: date | None
    weight: float
    state: str
    completed_at: datetime | None


class CheckInRecord(Record):
    """Of `check_ins_of_person`."""

    service, view = "feedback", "check_ins_of_person"

    id: str
    employee_id: UUID
    manager_id: UUID
    state: str
    cadence: str
    scheduled_for: datetime
    held_at: datetime | None
    priorities: list[str]
    employee_notes: str | None
    manager_notes: str | None
    version: int


@cache
def ask_of(model: type[Shaped]) -> tuple[dict[str, Any], ...]:
    """The selection of all fields of a record; lists of objects are asked for with all of theirs."""
    selected: list[dict[str, Any]] = []
    for field in model.model_fields.values():
        entry: dict[str, Any] = {"as": field.alias, "field": field.alias}
        if field.annotation == list[GapItemRecord]:
            entry |= {"shape": "list", "select": ask_of(GapItemRecord)}
        selected.append(entry)
    return tuple(selected)
