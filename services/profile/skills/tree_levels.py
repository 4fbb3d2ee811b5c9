"""The levels that skills with others below them have by these, as one SQL statement; the formulas: `rolling_up`."""

from sqlalchemy import (
    Date,
    Double,
    FromClause,
    Text,
    Uuid,
    cast,
    column,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.people.models import Person
from services.profile.skills.estimation import DAYS_A_MONTH, EPSILON, QUANTILE
from services.profile.skills.rolling_up import SCALE

_LEVELS = f"""
WITH RECURSIVE held AS (
    SELECT e.skill_id, e.level, round({QUANTILE} * sqrt(e.variance / (e.mass * power(0.5::float8,
        greatest((now() AT TIME ZONE 'UTC')::date - e.as_of, 0) / ({DAYS_A_MONTH} * e.half_life_months)
        ) + {EPSILON})) * {SCALE!r}::float8) / {SCALE!r}::float8 AS half
    FROM skills_estimate e WHERE e.person_id = holder.id AND e.level IS NOT NULL
), assessed AS (
    SELECT s.parent_id AS node, s.id AS child
    FROM held JOIN skills_skill s ON s.id = held.skill_id WHERE s.parent_id IS NOT NULL
    UNION
    SELECT s.parent_id, s.id FROM assessed a JOIN skills_skill s ON s.id = a.node
    WHERE s.parent_id IS NOT NULL
), edge AS MATERIALIZED (
    SELECT a.node, a.child, f.roll_up,
        w.own / sum(w.own) OVER (PARTITION BY a.node) AS share,
        w.own / (SELECT sum(CASE f.roll_up WHEN 'WEIGHTED' THEN c.weight ELSE 1 END)
                 FROM skills_skill c WHERE c.parent_id = a.node) AS covered
    FROM assessed a
    JOIN skills_skill s ON s.id = a.child
    JOIN skills_framework f ON f.id = s.framework_id,
    LATERAL (SELECT CASE f.roll_up WHEN 'WEIGHTED' THEN s.weight ELSE 1::float8 END AS own) w
), reached AS (
    SELECT node, child, roll_up, share, covered FROM edge
    UNION ALL
    SELECT r.node, e.child, r.roll_up, r.share * e.share, r.covered * e.covered
    FROM reached r JOIN edge e ON e.node = r.child
    WHERE NOT EXISTS (SELECT FROM held h WHERE h.skill_id = r.child)
), part AS (
    SELECT r.node, r.roll_up, r.child, r.share, r.covered, h.level, h.half
    FROM reached r JOIN held h ON h.skill_id = r.child
), summed AS (
    SELECT node AS skill_id, roll_up,
        round(CASE roll_up WHEN 'MIN' THEN min(level) ELSE sum(share * level ORDER BY child) END
            * {SCALE!r}::float8) / {SCALE!r}::float8 AS level,
        round(sqrt(sum((share * half) * (share * half) ORDER BY child)) * {SCALE!r}::float8)
            / {SCALE!r}::float8 AS half,
        min(level - half) AS lowest, min(level + half) AS highest,
        greatest(0, round((1 - sum(covered ORDER BY child)) * {SCALE!r}::float8)
            / {SCALE!r}::float8) AS unassessed_share,
        jsonb_agg(jsonb_build_object('skillId', child, 'share', share, 'level', level, 'half', half)
            ORDER BY child) AS parts
    FROM part GROUP BY node, roll_up
)
SELECT skill_id, roll_up, level, unassessed_share, parts, (now() AT TIME ZONE 'UTC')::date AS as_of,
    greatest(0, round(CASE roll_up WHEN 'MIN' THEN lowest ELSE level - half END
        * {SCALE!r}::float8) / {SCALE!r}::float8) AS interval_low,
    least(5, round(CASE roll_up WHEN 'MIN' THEN highest ELSE level + half END
        * {SCALE!r}::float8) / {SCALE!r}::float8) AS interval_high
FROM summed
"""  # noqa: S608 - constants of this package


def of_people() -> FromClause:
    """A row for each person and skill below which something has been assessed.

    LATERAL, so that only those persons are computed that somebody asks for.
    """
    holder = select(Person.id).subquery("holder")
    levels = (
        text(_LEVELS.replace("::", "\\:\\:"))
        .columns(
            column("skill_id", Uuid),
            column("roll_up", Text),
            column("level", Double),
            column("unassessed_share", Double),
            column("parts", JSONB),
            column("as_of", Date),
            column("interval_low", Double),
            column("interval_high", Double),
        )
        .lateral("tree_level")
    )
    joined = holder.join(levels, true())
    pair = func.concat(holder.c.id, levels.c.skill_id)
    key = cast(func.md5(pair), Uuid).label("id")
    return select(key, holder.c.id.label("person_id"), *levels.c).select_from(joined).subquery()
