"""Gaps of whole units: for each skill that roles ask for there, the unit and the units right below it.

    people           who works in the unit or below it and has a role that asks for the skill
    unassessedShare  the part of them without an estimate
    coverage         of those assessed, the part without a gap;   meanGap  their mean gap, newest levels, rounded

No cell may tell of fewer than `K` people, nor may what is left when cells are subtracted from each other. For each
skill every unit of the whole organisation is published or not, whoever asks for which part of it:

- A top unit is published if it is safe: it has `K` people or more, and none of them assessed or `K` or more.
- Below a published unit those units are withheld that are not safe, and then, smallest first, as many more as it takes
  until all that is withheld there, together with who works in the upper unit itself, is nobody or safe.
- Below a unit that is withheld nothing is published.

Published units lie within each other or apart, so all that adding and subtracting them yield are sums of what each
has beyond the published ones right below it, and that is nobody or safe by the second rule. Skills by roles are not
offered: units and roles cut the same people in two ways, and their difference can be a single person. Two readings
between which one person moved, or was assessed, differ by that person: this is a picture of now, not a history.
"""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, FromClause, Uuid, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from services.goals.gaps import rules
from services.goals.people.models import TERMINATED, OrgUnit

K = 5
INSTEAD = "name fewer skills at once: each is a map of its own"
_ALL: ColumnElement[Any] = literal_column("NULL::uuid[]", ARRAY(Uuid))


def units(skill_ids: ColumnElement[Any] | None) -> FromClause:
    """Every unit, beside the skills that are asked for; None stands for all."""
    wanted = _ALL if skill_ids is None else skill_ids
    return select(*OrgUnit.__table__.c, wanted.label("skill_ids")).subquery("unit")


def skills(unit: Any) -> ColumnElement[Any]:
    """The skills of a row of `units` with their cells, the largest mean gap of the whole unit first.

    Each skill is a map of its own, so that asking for fewer tells nothing more.
    """
    rows: FromClause = unit.id.table
    asked = select(unit.id.label("unit_id"), unit.skill_ids).correlate(rows).lateral("asked")
    found = select(literal_column(f"({_SKILLS})", JSONB())).select_from(asked)
    return found.correlate(rows).scalar_subquery()


def _safe(people: str, assessed: str) -> str:
    return f"({people} >= {K} AND ({assessed} = 0 OR {assessed} >= {K}))"


def _nobody_or_safe(people: str, assessed: str) -> str:
    return f"(({people}) = 0 OR {_safe(f'({people})', f'({assessed})')})"


def _nine(expression: str) -> str:
    return f"round(({expression}) * {rules.SCALE!r}::float8) / {rules.SCALE!r}::float8"


_NANO = f"{int(rules.SCALE)}"
_SHORT = "need.required_level - level.level"
_GAP = _nine(f"CASE WHEN {_SHORT} < 0 THEN 0::float8 ELSE {_SHORT} END")

_SKILLS = f"""
WITH line AS MATERIALIZED (
    SELECT ancestor_id AS unit_id, depth FROM people_org_unit_tree WHERE descendant_id = asked.unit_id
), top AS MATERIALIZED (
    SELECT unit_id FROM line ORDER BY depth DESC LIMIT 1
), node AS MATERIALIZED (
    SELECT unit_id, NULL::uuid AS parent_id FROM top
    UNION ALL
    SELECT below.id, below.below_id FROM people_org_unit AS below JOIN line ON line.unit_id = below.below_id
), place AS MATERIALIZED (
    SELECT DISTINCT ON (tree.descendant_id) tree.descendant_id AS org_unit_id, node.unit_id
    FROM node JOIN people_org_unit_tree AS tree ON tree.ancestor_id = node.unit_id
    ORDER BY tree.descendant_id, tree.depth
), member AS MATERIALIZED (
    SELECT person.id, person.org_unit_id, place.unit_id, person.role_id
    FROM place JOIN people_person AS person ON person.org_unit_id = place.org_unit_id
    WHERE person.status <> '{TERMINATED}' AND person.role_id IS NOT NULL
), asks_here AS MATERIALIZED (
    SELECT DISTINCT need.skill_id
    FROM (
        SELECT DISTINCT member.role_id FROM people_org_unit_tree AS tree
        JOIN member ON member.org_unit_id = tree.descendant_id WHERE tree.ancestor_id = asked.unit_id
    ) AS here
    JOIN roles_role AS role ON role.id = here.role_id
    JOIN roles_requirement AS need ON need.version_id = role.version_id
    WHERE asked.skill_ids IS NULL OR need.skill_id = ANY(asked.skill_ids)
), wanted AS MATERIALIZED (
    SELECT role.id AS role_id, need.skill_id, need.required_level
    FROM (SELECT DISTINCT role_id FROM member) AS held
    JOIN roles_role AS role ON role.id = held.role_id
    JOIN roles_requirement AS need ON need.version_id = role.version_id
    JOIN asks_here ON asks_here.skill_id = need.skill_id
), asked_of AS (
    SELECT member.unit_id, wanted.skill_id, sum(member.people) AS people
    FROM (SELECT unit_id, role_id, count(*) AS people FROM member GROUP BY unit_id, role_id) AS member
    JOIN wanted ON wanted.role_id = member.role_id
    GROUP BY member.unit_id, wanted.skill_id
), known AS (
    SELECT member.unit_id, level.skill_id, count(need.required_level) AS assessed,
           count(*) FILTER (WHERE {_GAP} = 0) AS covered, sum(({_GAP} * {_NANO})::bigint) AS missing
    FROM (
        SELECT level.person_id, level.skill_id, {_nine("level.level")} AS level
        FROM asks_here JOIN people_skill_level AS level ON level.skill_id = asks_here.skill_id
        WHERE level.level IS NOT NULL OFFSET 0
    ) AS level
    JOIN member ON member.id = level.person_id
    LEFT JOIN wanted AS need ON need.role_id = member.role_id AND need.skill_id = level.skill_id
    GROUP BY member.unit_id, level.skill_id
), direct AS MATERIALIZED (
    SELECT asked_of.unit_id, asked_of.skill_id, people, coalesce(assessed, 0) AS assessed,
           coalesce(covered, 0) AS covered, coalesce(missing, 0) AS missing
    FROM asked_of
    LEFT JOIN known ON known.unit_id = asked_of.unit_id AND known.skill_id = asked_of.skill_id
), whole AS MATERIALIZED (
    SELECT node.unit_id, node.parent_id, direct.skill_id, sum(people) AS people, sum(assessed) AS assessed,
           sum(covered) AS covered, sum(missing) AS missing
    FROM node
    JOIN people_org_unit_tree AS tree ON tree.ancestor_id = node.unit_id
    JOIN direct ON direct.unit_id = tree.descendant_id
    GROUP BY node.unit_id, node.parent_id, direct.skill_id
), lined AS (
    SELECT whole.*, NOT {_safe("whole.people", "whole.assessed")} AS unsafe,
           coalesce(own.people, 0) AS own_people, coalesce(own.assessed, 0) AS own_assessed,
           row_number() OVER shortest AS place,
           sum(whole.people) OVER shortest AS people_so_far, sum(whole.assessed) OVER shortest AS assessed_so_far
    FROM whole
    LEFT JOIN direct AS own ON own.unit_id = whole.parent_id AND own.skill_id = whole.skill_id
    WHERE whole.parent_id IS NOT NULL
    WINDOW shortest AS (
        PARTITION BY whole.parent_id, whole.skill_id
        ORDER BY {_safe("whole.people", "whole.assessed")}, whole.people, whole.unit_id)
), cut AS (
    SELECT parent_id, skill_id,
           CASE WHEN NOT bool_or(unsafe) AND bool_and({_nobody_or_safe("own_people", "own_assessed")}) THEN 0
                ELSE coalesce(
                    min(place) FILTER (WHERE place >= unsafe_units AND
                        {_nobody_or_safe("own_people + people_so_far", "own_assessed + assessed_so_far")}),
                    count(*)) END AS withheld
    FROM (SELECT lined.*, count(*) FILTER (WHERE unsafe) OVER (PARTITION BY parent_id, skill_id) AS unsafe_units
          FROM lined) AS counted
    GROUP BY parent_id, skill_id
), hidden AS MATERIALIZED (
    SELECT unit_id, lined.skill_id
    FROM lined JOIN cut ON cut.parent_id = lined.parent_id AND cut.skill_id = lined.skill_id
    WHERE place <= withheld
    UNION ALL
    SELECT unit_id, skill_id FROM whole WHERE parent_id IS NULL AND NOT {_safe("people", "assessed")}
), closed AS MATERIALIZED (
    SELECT DISTINCT skill_id FROM hidden JOIN line ON line.unit_id = hidden.unit_id
), cell AS (
    SELECT whole.*, whole.unit_id = asked.unit_id AS is_whole,
           closed.skill_id IS NOT NULL OR hidden.unit_id IS NOT NULL AS suppressed
    FROM whole
    LEFT JOIN closed ON closed.skill_id = whole.skill_id
    LEFT JOIN hidden ON hidden.unit_id = whole.unit_id AND hidden.skill_id = whole.skill_id
    WHERE asked.unit_id IN (whole.unit_id, whole.parent_id)
), told AS (
    SELECT skill_id, unit_id, is_whole, suppressed, CASE WHEN NOT suppressed THEN people END AS people,
           CASE WHEN NOT suppressed THEN {_nine("(people - assessed) / people::float8")} END AS unassessed_share,
           CASE WHEN NOT suppressed AND assessed > 0 THEN {_nine("covered / assessed::float8")} END AS coverage,
           CASE WHEN NOT suppressed AND assessed > 0
                THEN {_nine(f"missing / assessed::float8 / {_NANO}")} END AS mean_gap
    FROM cell
)
SELECT coalesce(jsonb_agg(jsonb_build_object('skillId', skill_id, 'cells', cells)
                          ORDER BY mean_gap DESC NULLS LAST, people DESC NULLS LAST, skill_id), '[]')
FROM (
    SELECT skill_id, max(mean_gap) FILTER (WHERE is_whole) AS mean_gap,
           max(people) FILTER (WHERE is_whole) AS people,
           jsonb_agg(jsonb_build_object(
               'orgUnitId', unit_id, 'isWhole', is_whole, 'suppressed', suppressed, 'people', people,
               'coverage', coverage, 'meanGap', mean_gap, 'unassessedShare', unassessed_share
           ) ORDER BY is_whole DESC, unit_id) AS cells
    FROM told GROUP BY skill_id
) AS skill
"""  # noqa: S608 - constants of this module
# OFFSET 0 has the levels of a skill read one after the other from its index: PostgreSQL cannot guess how many people a
# unit has, and looked for the level of each of them by itself. Nor can it guess that most people have levels of the
# skills that their roles ask for: told that all have (LEFT JOIN), it adds up by hashing; else it would sort all levels
# on disk. A level that is not asked for has no gap (NULL), and counts nowhere.
