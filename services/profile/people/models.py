"""Persons, the units they work in, their assignments over time, their grants and their names in other systems."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.people.rules import (
    ChangeReason,
    EmploymentType,
    GrantRole,
    OrgUnitType,
    PersonStatus,
)
from services.profile.tables import Base
from shared import trees
from shared.db import TenantRow

reporting_line = trees.tree_table("people_reporting_line", Base.metadata)
org_tree = trees.tree_table("people_org_tree", Base.metadata)


class OrgUnit(TenantRow, Base):
    """A unit of the organisation; `sequence` counts its changes."""

    __tablename__ = "people_org_unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "parent_id"], ["people_org_unit.tenant_id", "people_org_unit.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "leader_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        Index(None, "parent_id"),
        Index(None, "tenant_id", "name", "id"),
    )

    name: Mapped[str]
    type: Mapped[OrgUnitType]
    parent_id: Mapped[UUID | None]
    leader_id: Mapped[UUID | None]
    sequence: Mapped[int] = mapped_column(default=1)


class Person(TenantRow, Base):
    """Someone who works here.

    The columns from `assignment_id` to `assignment_since` repeat the primary assignment in force; only
    `standing.settle` writes them. Who has left keeps the last ones, but has no manager. `sequence` counts the changes.
    `status_said_at` is when the HR system last said whether the person works here: an older word does not count.
    """

    __tablename__ = "people_person"
    __table_args__ = (
        UniqueConstraint("tenant_id", "subject"),
        UniqueConstraint("tenant_id", "work_email"),
        Index(None, "manager_id"),
        Index(None, "org_unit_id"),
        Index(None, "tenant_id", "display_name", "id"),
    )

    subject: Mapped[str | None]
    display_name: Mapped[str]
    preferred_name: Mapped[str | None]
    work_email: Mapped[str | None]
    locale: Mapped[str | None]
    time_zone: Mapped[str | None]
    status: Mapped[PersonStatus]
    hire_date: Mapped[date | None]
    termination_date: Mapped[date | None]
    assignment_id: Mapped[UUID | None]
    manager_id: Mapped[UUID | None]
    org_unit_id: Mapped[UUID | None]
    role_id: Mapped[UUID | None]
    role_code: Mapped[str | None]
    role_title: Mapped[str | None]
    level: Mapped[str | None]
    employment_type: Mapped[EmploymentType | None]
    assignment_since: Mapped[date | None]
    status_said_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=1)


class Assignment(TenantRow, Base):
    """What holds from `valid_from` until the next assignment or `valid_to`, the first day after it.

    Rows are only ever added: of two rows of the same `valid_from` the later recorded one holds. `inherited` names what
    an HR system did not say and the row has from the one before: what is learned later of that one holds here too.
    """

    __tablename__ = "people_assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "manager_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"], ["people_org_unit.tenant_id", "people_org_unit.id"]
        ),
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        Index(
            "ix_people_assignment_in_force",
            "tenant_id",
            "person_id",
            text("valid_from DESC"),
            text("recorded_at DESC"),
            text("id DESC"),
        ),
        Index(None, "tenant_id", "valid_from"),
    )

    person_id: Mapped[UUID]
    manager_id: Mapped[UUID | None]
    org_unit_id: Mapped[UUID | None]
    role_id: Mapped[UUID | None]
    role_code: Mapped[str | None]
    role_title: Mapped[str | None]
    level: Mapped[str | None]
    employment_type: Mapped[EmploymentType | None]
    inherited: Mapped[list[str] | None]
    is_primary: Mapped[bool] = mapped_column(default=True)
    change_reason: Mapped[ChangeReason]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ExternalIdentifier(TenantRow, Base):
    """How another system calls a person or a unit."""

    __tablename__ = "people_external_identifier"
    __table_args__ = (
        UniqueConstraint("tenant_id", "system", "type", "value"),
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"], ["people_org_unit.tenant_id", "people_org_unit.id"]
        ),
        CheckConstraint("num_nonnulls(person_id, org_unit_id) = 1", name="names_one_thing"),
        Index(None, "person_id"),
        Index(None, "org_unit_id"),
    )

    system: Mapped[str]
    type: Mapped[str]
    value: Mapped[str]
    person_id: Mapped[UUID | None]
    org_unit_id: Mapped[UUID | None]


class RoleCode(TenantRow, Base):
    """A published role of goals by its code, as HR systems name it; the id is the role's. Kept by goals' events."""

    __tablename__ = "people_role_code"
    __table_args__ = (Index(None, "tenant_id", "code"),)

    catalogue: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]


class PersonGrant(TenantRow, Base):
    """A standing inside Waymark, over a subtree of the organisation or, without one, over all of it."""

    __tablename__ = "people_grant"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "person_id", "role", "org_unit_id", postgresql_nulls_not_distinct=True
        ),
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"], ["people_org_unit.tenant_id", "people_org_unit.id"]
        ),
    )

    person_id: Mapped[UUID]
    role: Mapped[GrantRole]
    org_unit_id: Mapped[UUID | None]
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())
