"""A check-in, what hangs on it, and the changes that its agenda shows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.feedback.checkins.rules import Cadence, ChangeKind, CheckInState
from services.feedback.tables import Base
from shared.db import TenantRow


def _of_check_in() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "check_in_id"],
        ["checkins_check_in.tenant_id", "checkins_check_in.id"],
        ondelete="CASCADE",
    )


class CheckIn(TenantRow, Base):
    """A talk of a pair. `…_seen_at` says when each side confirmed the notes as they stand."""

    __tablename__ = "checkins_check_in"

    employee_id: Mapped[UUID]
    manager_id: Mapped[UUID]
    previous_id: Mapped[UUID | None]
    cadence: Mapped[Cadence]
    scheduled_for: Mapped[datetime]
    state: Mapped[CheckInState]
    priorities: Mapped[list[str]]
    goal_refs: Mapped[list[str]]
    employee_notes: Mapped[str | None]
    manager_notes: Mapped[str | None]
    employee_seen_at: Mapped[datetime | None]
    manager_seen_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way to name it
    __table_args__ = (
        Index(None, "tenant_id", "employee_id", "scheduled_for"),
        Index(None, "tenant_id", "manager_id", "scheduled_for"),
    )


class AgendaItem(TenantRow, Base):
    """A point that one of the pair wants to talk about; what the system adds are the changes."""

    __tablename__ = "checkins_agenda_item"

    check_in_id: Mapped[UUID]
    author_id: Mapped[UUID]
    text: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (_of_check_in(), Index(None, "tenant_id", "check_in_id"))


class ActionItem(TenantRow, Base):
    """What one of the pair will do, agreed in the talk."""

    __tablename__ = "checkins_action_item"

    check_in_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    text: Mapped[str]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (_of_check_in(), Index(None, "tenant_id", "check_in_id"))


class PrivateNote(TenantRow, Base):
    """A manager's note for themself: a restrictive row-level policy asks that `app.person` is its author.

    It is sealed with the key of the employee, whom it is about. `text` stands in rows from before there were keys.
    """

    __tablename__ = "checkins_private_note"

    check_in_id: Mapped[UUID]
    author_id: Mapped[UUID]
    text: Mapped[str | None]
    updated_at: Mapped[datetime]
    sealed: Mapped[bytes | None]

    __table_args__ = (
        _of_check_in(),
        CheckConstraint("num_nonnulls(text, sealed) = 1", name="is_there_once"),
        Index(None, "tenant_id", "check_in_id", "author_id", unique=True),
    )


class Change(TenantRow, Base):
    """What changed for a person, one row per kind and thing until a check-in is held; then it belongs to that one.

    `subject_id` is the goal, learning record, milestone or skill; values are progress 0 to 1 or levels 0 to 5.
    """

    __tablename__ = "checkins_change"

    person_id: Mapped[UUID]
    kind: Mapped[ChangeKind]
    subject_id: Mapped[UUID]
    goal_id: Mapped[UUID | None]
    title: Mapped[str]
    from_value: Mapped[float | None]
    to_value: Mapped[float | None]
    occurred_at: Mapped[datetime]
    check_in_id: Mapped[UUID | None]

    __table_args__ = (
        _of_check_in(),
        Index(None, "tenant_id", "check_in_id"),
        Index(
            "uq_checkins_change_waiting",
            "tenant_id",
            "person_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("check_in_id IS NULL"),
        ),
        Index(None, "tenant_id", "goal_id"),
    )


class SkillName(TenantRow, Base):
    """What a skill is called, as profile last told; `id` is profile's."""

    __tablename__ = "checkins_skill_name"

    statement: Mapped[str]
