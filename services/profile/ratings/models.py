"""Ratings that were asked for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.ratings.rules import RatingState
from services.profile.tables import Base
from shared.db import TenantRow


class Rating(TenantRow, Base):
    """One person's skills, to be rated by one colleague up to and with `due_on`.

    `items` are the skills in the order asked, each {skillId, level, comment, assertionId}: the last three are null
    until the rater has said something of it. `closing_words` are the rater's, whether they answer or decline.
    """

    __tablename__ = "ratings_rating"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "rater_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "asked_by_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        CheckConstraint("rater_id <> person_id", name="nobody_rates_themself"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "rater_id"),
        Index(None, "tenant_id", "asked_by_id"),
        Index(
            "ix_ratings_rating_open",
            "tenant_id",
            "due_on",
            postgresql_where=text("state = 'OPEN'"),
        ),
    )

    person_id: Mapped[UUID]
    rater_id: Mapped[UUID]
    asked_by_id: Mapped[UUID]
    state: Mapped[RatingState]
    message: Mapped[str | None]
    items: Mapped[list[dict[str, Any]]]
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closing_words: Mapped[str | None]
    sequence: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": sequence}  # noqa: RUF012 - SQLAlchemy's way to name it
