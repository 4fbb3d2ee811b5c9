"""What people write for themselves. A restrictive row-level policy asks of every row that `app.person` is its person.

Texts are sealed with the person's key, each for its own row.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.journal.rules import Horizon, NoteKind, Origin, Standing
from services.profile.tables import Base
from shared.db import TenantRow


def _of_person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
    )


def _of_skill() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "skill_id"], ["skills_skill.tenant_id", "skills_skill.id"]
    )


class Reflection(TenantRow, Base):
    """An answer to a prompt, or a free entry without one; `mood` from 1, low, to 5."""

    __tablename__ = "journal_reflection"
    __table_args__ = (
        _of_person(),
        CheckConstraint("mood BETWEEN 1 AND 5", name="mood_is_on_the_scale"),
        CheckConstraint("(prompt_code IS NULL) = (prompt_version IS NULL)", name="names_a_prompt"),
        Index(None, "tenant_id", "person_id", "written_at"),
    )

    person_id: Mapped[UUID]
    prompt_code: Mapped[str | None]
    prompt_version: Mapped[int | None]
    sealed: Mapped[bytes]
    mood: Mapped[int | None]
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way to name it


class Note(TenantRow, Base):
    """A like or dislike, a talent, a need, a motivator, a strength or weakness; `importance` from 1 to 5."""

    __tablename__ = "journal_note"
    __table_args__ = (
        _of_person(),
        _of_skill(),
        CheckConstraint("importance BETWEEN 1 AND 5", name="importance_is_on_the_scale"),
        CheckConstraint("origin IS NULL OR kind = 'TALENT'", name="talents_have_an_origin"),
        Index(None, "tenant_id", "person_id", "kind"),
    )

    person_id: Mapped[UUID]
    kind: Mapped[NoteKind]
    origin: Mapped[Origin | None]
    importance: Mapped[int | None]
    skill_id: Mapped[UUID | None]
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way to name it


class Aspiration(TenantRow, Base):
    """Where a person wants to be: a role of goals, or a field in their own words, which are sealed.

    `desire_strength` from 1 to 5, `confidence` of getting there from 0 to 1. `told`: other services know of it,
    because the person has opted in to matching.
    """

    __tablename__ = "journal_aspiration"
    __table_args__ = (
        _of_person(),
        CheckConstraint("num_nonnulls(role_id, sealed) = 1", name="names_one_thing"),
        CheckConstraint("desire_strength BETWEEN 1 AND 5", name="desire_is_on_the_scale"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
        Index(None, "tenant_id", "person_id"),
    )

    person_id: Mapped[UUID]
    role_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None]
    horizon: Mapped[Horizon]
    desire_strength: Mapped[int]
    confidence: Mapped[float | None] = mapped_column(Double)
    opt_in_to_matching: Mapped[bool]
    told: Mapped[bool]
    declared_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way to name it


class OwnView(TenantRow, Base):
    """What the person themself says of a skill, whatever the evidence says; perhaps with a word on it."""

    __tablename__ = "journal_own_view"
    __table_args__ = (
        _of_person(),
        _of_skill(),
        UniqueConstraint("tenant_id", "person_id", "skill_id"),
    )

    person_id: Mapped[UUID]
    skill_id: Mapped[UUID]
    standing: Mapped[Standing]
    sealed: Mapped[bytes | None]
    updated_at: Mapped[datetime]


class Insight(TenantRow, Base):
    """Something that the person has understood; each of `evidence` is {type, objectId}, and their own."""

    __tablename__ = "journal_insight"
    __table_args__ = (_of_person(), _of_skill(), Index(None, "tenant_id", "person_id"))

    person_id: Mapped[UUID]
    skill_id: Mapped[UUID | None]
    evidence: Mapped[list[dict[str, Any]]]
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way to name it


OWN = (Reflection, Note, Aspiration, OwnView, Insight)
"""All of it: the owner's alone."""
