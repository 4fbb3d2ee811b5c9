"""Results of skill tests."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.tables import Base
from shared.db import TenantRow


class SkillTestResult(TenantRow, Base):
    """What a test said of one skill of a person, as its publisher last told it under `external_id`.

    The score is on the test's own scale, `level` what it comes to from 0 to 5. `assertion_id` is the evidence that it
    is now: a corrected result takes its earlier one back.
    """

    __tablename__ = "skill_tests_result"
    __table_args__ = (
        UniqueConstraint("tenant_id", "publisher", "external_id", "skill_id"),
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "skill_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        CheckConstraint("level BETWEEN 0 AND 5", name="level_is_on_the_scale"),
        CheckConstraint(
            "score_min < score_max AND score_raw BETWEEN score_min AND score_max",
            name="score_is_on_its_scale",
        ),
        Index(None, "tenant_id", "person_id"),
    )

    person_id: Mapped[UUID]
    skill_id: Mapped[UUID]
    publisher: Mapped[str]
    external_id: Mapped[str]
    test: Mapped[str]
    score_raw: Mapped[float] = mapped_column(Double)
    score_min: Mapped[float] = mapped_column(Double)
    score_max: Mapped[float] = mapped_column(Double)
    success: Mapped[bool | None]
    level: Mapped[float] = mapped_column(Double)
    taken_on: Mapped[date]
    expires_on: Mapped[date | None]
    assertion_id: Mapped[UUID]
    recorded_at: Mapped[datetime]
