"""What callers send and get about people and their organisation."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.profile.people.rules import (
    ChangeReason,
    EmploymentType,
    GrantRole,
    OrgUnitType,
    PersonStatus,
)
from services.profile.wording import Code, Email, Line
from shared.schemas import Input, Output

Version = Annotated[int, Field(validation_alias="sequence", description="As the ETag says it.")]


class ExternalId(Input):
    """How another system calls someone."""

    system: Code
    type: Code
    value: Code


class PersonCreate(Input):
    """A person who starts to work here; without a subject, they sign in with their work e-mail."""

    display_name: Line
    preferred_name: Line | None = None
    work_email: Email | None = None
    subject: Line | None = None
    locale: Line | None = None
    time_zone: Line | None = None
    hire_date: date | None = None
    external_ids: list[ExternalId] = Field(default=[], max_length=20)
    assignment: "AssignmentCreate | None" = None


class PersonUpdate(Input):
    """What changes; members that are not sent stay as they are."""

    display_name: Line = ""
    preferred_name: Line | None = None
    work_email: Email | None = None
    subject: Line | None = None
    locale: Line | None = None
    time_zone: Line | None = None
    hire_date: date | None = None
    status: PersonStatus = PersonStatus.ACTIVE


class AssignmentCreate(Input):
    """The position from a day on; a day in the future takes effect on that day."""

    manager_id: UUID | None = None
    org_unit_id: UUID | None = None
    role_id: UUID | None = None
    role_title: Line | None = None
    level: Line | None = None
    employment_type: EmploymentType | None = None
    is_primary: bool = True
    effective_from: date | None = None
    effective_to: date | None = None
    change_reason: ChangeReason = ChangeReason.OTHER


class Termination(Input):
    """The first day without employment; today when not said."""

    termination_date: date | None = None


class PersonRead(Output):
    """A person; of a colleague the card alone (names, title, unit, manager), and null for the rest."""

    id: UUID
    display_name: str
    preferred_name: str | None
    role_id: UUID | None
    role_title: str | None
    org_unit_id: UUID | None
    manager_id: UUID | None
    subject: str | None = None
    work_email: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    status: PersonStatus | None = None
    hire_date: date | None = None
    termination_date: date | None = None
    level: str | None = None
    employment_type: EmploymentType | None = None
    assignment_since: date | None = None
    version: int | None = Field(default=None, validation_alias="sequence")


CARD = (
    "id",
    "display_name",
    "preferred_name",
    "role_id",
    "role_title",
    "org_unit_id",
    "manager_id",
)


class AssignmentRead(Output):
    """One entry of a job history."""

    id: UUID
    person_id: UUID
    manager_id: UUID | None
    org_unit_id: UUID | None
    role_id: UUID | None
    role_code: str | None
    role_title: str | None
    level: str | None
    employment_type: EmploymentType | None
    is_primary: bool
    change_reason: ChangeReason
    effective_from: date = Field(validation_alias="valid_from")
    effective_to: date | None = Field(validation_alias="valid_to")
    recorded_at: datetime


class GrantCreate(Input):
    """A standing over a subtree of the organisation, or without a unit over all of it."""

    role: GrantRole
    org_unit_id: UUID | None = None


class GrantRead(Output):
    """A standing that a person has."""

    id: UUID
    person_id: UUID
    role: GrantRole
    org_unit_id: UUID | None
    granted_at: datetime


class OrgUnitCreate(Input):
    """A new unit, below another one or at the top."""

    name: Line
    type: OrgUnitType
    parent_id: UUID | None = None
    leader_id: UUID | None = None


class OrgUnitUpdate(Input):
    """What changes; members that are not sent stay as they are."""

    name: Line = ""
    type: OrgUnitType = OrgUnitType.TEAM
    parent_id: UUID | None = None
    leader_id: UUID | None = None


class OrgUnitRead(Output):
    """A unit of the organisation."""

    id: UUID
    name: str
    type: OrgUnitType
    parent_id: UUID | None
    leader_id: UUID | None
    version: Version


class OrgUnitRow(Input):
    """A line of `/imports/org-units`."""

    system: Code
    key: Code
    name: Line
    type: OrgUnitType
    parent_key: Code | None = None
    leader_key: Code | None = None


class PersonRow(Input):
    """A line of `/imports/people`; members that are not sent stay as they are, null empties them."""

    system: Code
    key: Code
    display_name: Line
    preferred_name: Line | None = None
    work_email: Email | None = None
    subject: Line | None = None
    locale: Line | None = None
    time_zone: Line | None = None
    status: PersonStatus | None = None
    hire_date: date | None = None
    termination_date: date | None = None
    manager_key: Code | None = None
    org_unit_key: Code | None = None
    role_id: UUID | None = None
    role_title: Line | None = None
    level: Line | None = None
    employment_type: EmploymentType | None = None
    effective_from: date | None = None
    change_reason: ChangeReason | None = None


class GrantRow(Input):
    """A line of `/imports/grants`: `key` is the person's."""

    system: Code
    key: Code
    role: GrantRole
    org_unit_key: Code | None = None
