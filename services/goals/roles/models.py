"""Roles as they are, every version as it was, and what a version requires."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.goals.roles.rules import Track
from services.goals.tables import Base
from shared.db import TenantRow


class RoleFamily(TenantRow, Base):
    """Roles that belong together within one catalogue."""

    __tablename__ = "roles_family"

    catalogue: Mapped[str]
    name: Mapped[str]

    __table_args__ = (UniqueConstraint("tenant_id", "catalogue", "name"),)


class Role(TenantRow, Base):
    """A role as its newest version says; the id stays while versions come."""

    __tablename__ = "roles_role"

    catalogue: Mapped[str]
    code: Mapped[str]
    family_id: Mapped[UUID]
    family_name: Mapped[str]
    title: Mapped[str]
    stem: Mapped[str]
    level: Mapped[int | None]
    track: Mapped[Track | None]
    description: Mapped[str | None]
    onet_soc_code: Mapped[str | None]
    experience: Mapped[list[dict[str, Any]]]
    credentials: Mapped[list[dict[str, Any]]]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int]
    version_id: Mapped[UUID]
    published_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tenant_id", "catalogue", "code"),
        ForeignKeyConstraint(
            ["tenant_id", "family_id"], ["roles_family.tenant_id", "roles_family.id"]
        ),
        Index("ix_roles_role_title", "tenant_id", "title", "id"),
        Index("ix_roles_role_ladder", "tenant_id", "family_id", "stem", "level"),
        Index(
            "ix_roles_role_occupation",
            "tenant_id",
            "onet_soc_code",
            "title",
            "id",
            postgresql_where=text("onet_soc_code IS NOT NULL"),
        ),
    )


class RoleVersion(TenantRow, Base):
    """What a role said from `valid_from` on; never changed, never removed.

    `provenance` is {crosswalkId, moved: [{fromSkillId, toSkillId}]} where a replaced framework made the version.
    """

    __tablename__ = "roles_version"

    role_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str]
    family_id: Mapped[UUID]
    level: Mapped[int | None]
    track: Mapped[Track | None]
    description: Mapped[str | None]
    onet_soc_code: Mapped[str | None]
    experience: Mapped[list[dict[str, Any]]]
    credentials: Mapped[list[dict[str, Any]]]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    valid_from: Mapped[datetime]
    published_by: Mapped[str]
    provenance: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        UniqueConstraint("tenant_id", "role_id", "number"),
        ForeignKeyConstraint(["tenant_id", "role_id"], ["roles_role.tenant_id", "roles_role.id"]),
    )


class RoleSkill(Base):
    """A version requires a skill at a level 0-5, weighed by its importance 1-5."""

    __tablename__ = "roles_requirement"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)
    required_level: Mapped[float]
    importance: Mapped[float]
    mandatory: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "version_id"], ["roles_version.tenant_id", "roles_version.id"]
        ),
        Index("ix_roles_requirement_skill_id", "tenant_id", "skill_id", "version_id"),
    )
