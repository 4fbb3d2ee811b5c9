"""Texts that the tenant brought, and what counsellors and mentors wrote of results: sealed, for two pairs of eyes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from services.profile.consents.rules import ConsentRole
from services.profile.tables import Base
from shared.db import TenantRow


class BroughtTexts(TenantRow, Base):
    """A version of an instrument's texts in one language; those that are built in lie in the package and in no table.

    `instrument` is a code, since built-in instruments are in no table either; `content` is the whole of the texts.
    """

    __tablename__ = "interpretations_texts"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "instrument",
            "instrument_version",
            "locale",
            "version",
            name="uq_interpretations_texts_version",
        ),
    )

    instrument: Mapped[str]
    instrument_version: Mapped[str]
    locale: Mapped[str]
    version: Mapped[str]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    brought_at: Mapped[datetime]


class ConfidantInterpretation(TenantRow, Base):
    """What somebody whom the person let in by name says of a result, sealed with the person's key.

    `person_id` is whose result it is. Row-level policies show a row to the person, and to its author while the person's
    consent holds; the author alone writes it.
    """

    __tablename__ = "interpretations_confidant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "result_id"], ["assessments_result.tenant_id", "assessments_result.id"]
        ),
        UniqueConstraint("tenant_id", "result_id", "author_id"),
        CheckConstraint("author_id <> person_id", name="by_somebody_else"),
        Index(None, "tenant_id", "person_id"),
    )

    result_id: Mapped[UUID]
    person_id: Mapped[UUID]
    author_id: Mapped[UUID]
    role: Mapped[ConsentRole]
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
