"""Copies of what profile says: never written but by its events, rebuilt by replaying them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.goals.tables import Base
from shared.db import TenantRow
from shared.trees import tree_table

TERMINATED = "TERMINATED"
NOBODY = "Erased person"
"""How a person is called who has been erased."""


class Person(TenantRow, Base):
    """One person as of the newest event.

    `reports_to_id` is `manager_id`, but empty while the events of two people, arriving in another order than they
    happened, would close a circle. `person_tree` is built on it.
    """

    __tablename__ = "people_person"

    subject: Mapped[str | None]
    display_name: Mapped[str]
    preferred_name: Mapped[str | None]
    work_email: Mapped[str | None]
    status: Mapped[str]
    manager_id: Mapped[UUID | None]
    reports_to_id: Mapped[UUID | None]
    org_unit_id: Mapped[UUID | None]
    role_id: Mapped[UUID | None]
    role_title: Mapped[str | None]
    level: Mapped[str | None]
    assignment_since: Mapped[date | None]
    grants: Mapped[list[dict[str, Any]]]
    external_ids: Mapped[list[dict[str, Any]]]
    sequence: Mapped[int]

    __table_args__ = (
        Index("ix_people_person_subject", "tenant_id", "subject"),
        Index("ix_people_person_role_id", "tenant_id", "role_id"),
        Index("ix_people_person_org_unit_id", "tenant_id", "org_unit_id"),
        Index("ix_people_person_manager_id", "tenant_id", "manager_id"),
        Index(
            "ix_people_person_loose",
            "tenant_id",
            "id",
            postgresql_where=text("manager_id IS DISTINCT FROM reports_to_id"),
        ),
    )


class PersonIdentifier(Base):
    """How other systems call a person. The work e-mail stands here too, in lower case under the system `email`."""

    __tablename__ = "people_person_identifier"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    system: Mapped[str] = mapped_column(Text, primary_key=True)
    type: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (Index("ix_people_person_identifier_person_id", "tenant_id", "person_id"),)


class OrgUnit(TenantRow, Base):
    """A unit of the organisation; `below_id` is `parent_id` unless that would close a circle, see `Person`."""

    __tablename__ = "people_org_unit"

    name: Mapped[str]
    type: Mapped[str | None]
    parent_id: Mapped[UUID | None]
    below_id: Mapped[UUID | None]
    leader_id: Mapped[UUID | None]
    sequence: Mapped[int]

    __table_args__ = (
        Index(
            "ix_people_org_unit_loose",
            "tenant_id",
            "id",
            postgresql_where=text("parent_id IS DISTINCT FROM below_id"),
        ),
    )


class Skill(TenantRow, Base):
    """A skill's name, for explanations and for the linked evidence of goals."""

    __tablename__ = "people_skill"

    framework_id: Mapped[UUID | None]
    framework_key: Mapped[str | None]
    code: Mapped[str]
    statement: Mapped[str]
    type: Mapped[str | None]
    parent_id: Mapped[UUID | None]
    half_life_months: Mapped[float | None]
    sequence: Mapped[int]


COMPARED = ["level", "mass", "variance", "half_life_months", "as_of"]
"""What a gap reads of a level: the index alone answers it, without the row."""


class SkillLevel(Base):
    """What profile estimates of one person's skill: level 0-5 or none, evidence mass and variance as of a day."""

    __tablename__ = "people_skill_level"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[float | None]
    mass: Mapped[float]
    variance: Mapped[float | None]
    interval_low: Mapped[float | None]
    interval_high: Mapped[float | None]
    confidence: Mapped[float]
    self_level: Mapped[float | None]
    as_of: Mapped[date]
    half_life_months: Mapped[float | None]
    rule: Mapped[str | None]
    contributions: Mapped[list[dict[str, Any]]]
    sequence: Mapped[int]

    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "person_id", "skill_id", postgresql_include=COMPARED),
        Index(
            "ix_people_skill_level_skill_id",
            "tenant_id",
            "skill_id",
            "person_id",
            postgresql_include=["level", "as_of"],
        ),
    )


person_tree = tree_table("people_person_tree", Base.metadata)
org_unit_tree = tree_table("people_org_unit_tree", Base.metadata)
