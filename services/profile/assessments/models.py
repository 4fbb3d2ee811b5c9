"""Instruments of a tenant, sessions, and what is sealed: answers and results."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.assessments.parts import Kind, PurposeLock
from services.profile.assessments.rules import InstrumentStatus, Origin, SessionState
from services.profile.tables import Base
from shared.db import TenantRow


class InstrumentVersion(TenantRow, Base):
    """An instrument that the tenant brought; those that are built in lie in the package and in no table.

    `content` is the whole instrument as `instruments.py` reads it, `content_hash` tells whether it is the same;
    `measures` says what a skill test's scales mean for which skill.
    """

    __tablename__ = "assessments_instrument"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code", "version", "locale"),
        CheckConstraint(
            "purpose_lock = 'GUIDANCE_ONLY' OR kind IN ('SKILL_TEST', 'SELF_COMPETENCY', 'PULSE')",
            name="purpose_stays_locked",
        ),
    )

    code: Mapped[str]
    version: Mapped[str]
    locale: Mapped[str]
    name: Mapped[str]
    kind: Mapped[Kind]
    purpose_lock: Mapped[PurposeLock]
    status: Mapped[InstrumentStatus]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    measures: Mapped[list[dict[str, Any]]]
    published_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=1)


class AssessmentSession(TenantRow, Base):
    """That somebody was asked, and how far they are; nothing of what they answer.

    `instrument_id` may be that of a built-in one, so it has no foreign key. Where the items are skills there is none,
    and `skill_ids` are theirs. `due_on` is the last day that was asked for, `last_on` the one that holds; the cool-down
    counts from `scored_on`.
    """

    __tablename__ = "assessments_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        Index(None, "tenant_id", "person_id", "assigned_at"),
        Index(
            "ix_assessments_session_open",
            "tenant_id",
            "last_on",
            postgresql_where=text("last_on IS NOT NULL AND state IN ('ASSIGNED', 'IN_PROGRESS')"),
        ),
    )

    person_id: Mapped[UUID]
    instrument_id: Mapped[UUID | None]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[Kind]
    purpose_lock: Mapped[PurposeLock]
    content_hash: Mapped[str | None]
    skill_ids: Mapped[list[str]]
    state: Mapped[SessionState]
    attempt: Mapped[int | None]
    assigned_by: Mapped[UUID]
    assigned_at: Mapped[datetime]
    due_on: Mapped[date | None]
    last_on: Mapped[date | None]
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    scored_on: Mapped[date | None]
    interpreted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    sequence: Mapped[int] = mapped_column(default=0)


def _of_session() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "session_id"], ["assessments_session.tenant_id", "assessments_session.id"]
    )


class SessionAnswers(TenantRow, Base):
    """What was answered so far, sealed; a restrictive row-level policy asks that `app.person` is who answered."""

    __tablename__ = "assessments_answers"
    __table_args__ = (_of_session(), UniqueConstraint("tenant_id", "session_id"))

    session_id: Mapped[UUID]
    person_id: Mapped[UUID]
    sealed: Mapped[bytes]
    saved_at: Mapped[datetime]


class AssessmentResult(TenantRow, Base):
    """A result. For guidance alone it is sealed, and row-level policies show it to its person and whom they let in;
    what a skill test found stands in `scores`. `code` is empty for what another publisher reported. `valid_until` is
    the last day on which it holds, as its instrument said when it was scored; whether it has passed, the clock says.
    """

    __tablename__ = "assessments_result"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        _of_session(),
        CheckConstraint(
            "CASE purpose_lock WHEN 'ASSESSMENT' THEN sealed IS NULL AND scores IS NOT NULL"
            " ELSE sealed IS NOT NULL AND scores IS NULL END",
            name="guidance_is_sealed",
        ),
        CheckConstraint(
            "purpose_lock = 'GUIDANCE_ONLY' OR kind IN ('SKILL_TEST', 'SELF_COMPETENCY', 'PULSE')",
            name="purpose_stays_locked",
        ),
        Index(None, "tenant_id", "person_id", "taken_on"),
        Index(None, "tenant_id", "session_id"),
    )

    person_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    instrument_id: Mapped[UUID | None]
    code: Mapped[str | None]
    kind: Mapped[Kind]
    purpose_lock: Mapped[PurposeLock]
    origin: Mapped[Origin]
    taken_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime]
    sealed: Mapped[bytes | None]
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ItemMoments(TenantRow, Base):
    """Sums over all scored sessions of an instrument, whose id is the row's; sealed under the service's own key.

    `figures` are what follows from them, as of `figured_sessions`: nothing before enough persons are in the sums.
    """

    __tablename__ = "assessments_moments"

    sessions: Mapped[int]
    sealed: Mapped[bytes]
    figures: Mapped[list[dict[str, Any]]]
    figured_sessions: Mapped[int]


class OccupationInterests(TenantRow, Base):
    """How strongly an occupation goes with each of the six areas of interest: `scores` by letter, 1 to 7."""

    __tablename__ = "assessments_occupation"
    __table_args__ = (UniqueConstraint("tenant_id", "onet_soc_code"),)

    onet_soc_code: Mapped[str]
    title: Mapped[str]
    scores: Mapped[dict[str, Any]]


class OccupationValues(TenantRow, Base):
    """How much of each of the six work values an occupation offers: `scores` by the value's code, 1 to 7."""

    __tablename__ = "assessments_occupation_values"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "onet_soc_code", name="uq_assessments_occupation_values_code"
        ),
    )

    onet_soc_code: Mapped[str]
    title: Mapped[str]
    scores: Mapped[dict[str, Any]]
