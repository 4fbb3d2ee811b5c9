"""Levels as they were told, kept for a while, so that a gap of a past day can be read."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

KEPT = timedelta(days=1096)
"""How far back the level of a day is known."""


async def keep(
    session: AsyncSession, row: dict[str, Any], told: dict[str, Any], *, recorded_at: datetime
) -> None:
    """Adds an estimate, and lets go of those of this skill that had been followed by another before `KEPT`."""
    names = ("as_of", "sequence", "level", "mass", "variance", "half_life_months", "rule")
    values = {name: told[name] for name in names}
    oldest: date = recorded_at.date() - KEPT
    await session.execute(
        _KEEP,
        {**row, **values, "contributions": told["contributions"], "recorded_at": recorded_at}
        | {"oldest": oldest},
    )


_KEEP = text(
    """
    WITH gone AS (
        DELETE FROM people_skill_level_told AS old
        WHERE tenant_id = :tenant_id AND person_id = :person_id AND skill_id = :skill_id
          AND EXISTS (SELECT FROM people_skill_level_told AS next
                      WHERE next.tenant_id = :tenant_id AND next.person_id = :person_id
                        AND next.skill_id = :skill_id AND next.as_of > old.as_of
                        AND next.as_of <= :oldest)
    )
    INSERT INTO people_skill_level_told
        (tenant_id, person_id, skill_id, as_of, sequence, recorded_at, level, mass, variance,
         half_life_months, rule, contributions)
    VALUES (:tenant_id, :person_id, :skill_id, :as_of, :sequence, :recorded_at, :level, :mass, :variance,
            :half_life_months, :rule, :contributions)
    ON CONFLICT (tenant_id, person_id, skill_id, as_of, sequence) DO UPDATE
    SET recorded_at = excluded.recorded_at, level = excluded.level, mass = excluded.mass,
        variance = excluded.variance, half_life_months = excluded.half_life_months,
        rule = excluded.rule, contributions = excluded.contributions
    """
).bindparams(bindparam("contributions", type_=JSONB))
