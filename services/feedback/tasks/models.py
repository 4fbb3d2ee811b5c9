"""Tasks, and what waits for somebody elsewhere: goals for a yes, things of profile for whose turn it is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.feedback.tables import Base
from services.feedback.tasks.rules import SubjectType, TaskKind
from shared.db import TenantRow


class Task(TenantRow, Base):
    """Something that a person has to do. It holds no text: a reader reads the goal or the check-in, if they may.

    Wanted again after it was closed, it is opened again under the same id. `sequence` counts its steps.
    """

    __tablename__ = "tasks_task"

    person_id: Mapped[UUID]
    kind: Mapped[TaskKind]
    subject_type: Mapped[SubjectType]
    subject_id: Mapped[UUID]
    due_on: Mapped[date | None]
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": sequence}  # noqa: RUF012 - SQLAlchemy's way to name it
    __table_args__ = (
        Index(None, "tenant_id", "person_id", "kind", "subject_id", unique=True),
        Index(None, "tenant_id", "subject_id"),
    )


class Proposal(TenantRow, Base):
    """A goal that waits for a yes, as goals last told; `id` is the goal's, `person_id` its owner.

    Who proposed it was not always told.
    """

    __tablename__ = "tasks_proposal"

    person_id: Mapped[UUID]
    proposed_by: Mapped[UUID | None]

    __table_args__ = (Index(None, "tenant_id", "person_id"),)


class Waiting(TenantRow, Base):
    """Something that waits, as profile last told: `kind` is to be done about `subject_id`, a thing of `person_id`'s.

    It is for `turn_of` to do, or without one for the person's manager of the moment, or HR; not before `opens_at`, and
    not from `ends_at` on. It goes with whoever is erased of `person_id`, `turn_of` and `also_of`.
    """

    __tablename__ = "tasks_waiting"

    kind: Mapped[TaskKind]
    subject_id: Mapped[UUID]
    person_id: Mapped[UUID]
    turn_of: Mapped[UUID | None]
    also_of: Mapped[UUID | None]
    due_on: Mapped[date | None]
    opens_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "tenant_id", "subject_id", "kind", unique=True),
        Index(None, "tenant_id", "person_id"),
    )
