"""What stands in the way of a role, and what closes a gap: courses to take, goals that are set already, mentors.

Courses are those of the catalogue that can still be taken, teach the skill and have not been completed, ranked by what
they add an hour; one without hours stands last. Goals are the person's open ones that name the skill, have a milestone
that does or follow a resource that teaches it, as far as the caller may see them. Mentors are colleagues at or above
what is asked who let themselves be found for what they master: by everybody, or by the caller. Where it is the caller
who says what is asked, they are at or above the next whole level, so that asking ever closer finds nobody's level.
Opportunities are not offered here yet.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Text,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.goals.gaps import records, rules
from services.goals.gaps.rules import BlockerKind, TargetType
from services.goals.goals.models import Goal, GoalMilestone
from services.goals.goals.queries import visible
from services.goals.goals.rules import CLOSED
from services.goals.learning.models import LearningSkill
from services.goals.people.models import TERMINATED, Person, SkillLevel
from services.goals.people.records import Expertise
from shared.policy import me
from shared.tenancy import Principal

NOTHING: ColumnElement[Any] = literal_column("'[]'::jsonb", JSONB())
MOST_COURSES = 5
MOST_MENTORS = 5


def blockers(gap: Any) -> ColumnElement[Any]:
    """Mandatory skills whose interval stays below, then mandatory experience and credentials that are not even said."""
    rows: FromClause = gap.person_id.table
    asked = records.of_gap(gap)
    row = (
        select(
            gap.blockers.label("skills"),
            records.experience_gaps(asked).label("experience"),
            records.credential_gaps(asked).label("credentials"),
        )
        .correlate(rows)
        .lateral("standing")
    )
    found = select(literal_column(f"({_BLOCKERS})", JSONB())).select_from(row)
    return found.correlate(rows).scalar_subquery()


def closers(principal: Principal, gap: Any) -> ColumnElement[Any]:
    """For each required skill that is below what is asked, or not assessed, in the order of the gap's items."""
    rows: FromClause = gap.person_id.table
    asked = (
        select(
            gap.person_id.label("person_id"),
            gap.untraced_items.label("items"),
            (gap.target_type == TargetType.CUSTOM.value).label("custom"),
        )
        .correlate(rows)
        .lateral("asked")
    )
    short = (
        select(
            literal_column("item.place").label("place"),
            literal_column("(item.value ->> 'skillId')::uuid").label("skill_id"),
            literal_column("item.value -> 'gap'", JSONB()).label("gap"),
            _asked_of_mentors().label("required"),
        )
        .select_from(sql("jsonb_array_elements(asked.items) WITH ORDINALITY AS item(value, place)"))
        .where(sql("item.value ->> 'status' IN ('GAP', 'UNASSESSED')"))
        .lateral("short")
    )
    each = func.jsonb_build_object(
        literal_column("'skillId'"), short.c.skill_id,
        literal_column("'gap'"), short.c.gap,
        literal_column("'courses'"), literal_column(f"({_COURSES})", JSONB()),
        literal_column("'goals'"), _goals(principal),
        literal_column("'mentors'"), _mentors(principal),
        type_=JSONB,
    )  # fmt: skip
    listed = func.jsonb_agg(aggregate_order_by(each, short.c.place))
    found = select(func.coalesce(listed, NOTHING, type_=JSONB))
    joined = asked.join(short, literal_column("true"))
    return found.select_from(joined).correlate(rows).scalar_subquery()


def _asked_of_mentors() -> ColumnElement[float]:
    required: ColumnElement[float] = literal_column("(item.value ->> 'required')::float8", Double())
    whole = case((literal_column("asked.custom"), func.ceil(required)), else_=required)
    return cast(whole, Double)


def _goals(principal: Principal) -> ColumnElement[Any]:
    skill: ColumnElement[Any] = literal_column("short.skill_id")
    teaching = select(LearningSkill.resource_id).where(LearningSkill.skill_id == skill)
    step = exists().where(
        GoalMilestone.goal_id == Goal.id,
        or_(GoalMilestone.skill_id == skill, GoalMilestone.learning_resource_id.in_(teaching)),
    )
    closed = ", ".join(f"'{state.value}'" for state in sorted(CLOSED))
    described = func.jsonb_build_object(
        literal_column("'goalId'"), Goal.id, literal_column("'title'"), Goal.title,
        literal_column("'state'"), cast(Goal.state, Text), literal_column("'progress'"), Goal.progress,
        literal_column("'dueDate'"), Goal.due_on,
        type_=JSONB,
    )  # fmt: skip
    listed = func.jsonb_agg(aggregate_order_by(described, Goal.priority, Goal.id))
    return (
        select(func.coalesce(listed, NOTHING, type_=JSONB))
        .where(
            Goal.person_id == literal_column("asked.person_id"),
            sql(f"goals_goal.state NOT IN ({closed})"),
            or_(Goal.skill_id == skill, Goal.learning_resource_id.in_(teaching), step),
            visible(principal, Goal),
        )
        .scalar_subquery()
    )


def _mentors(principal: Principal) -> ColumnElement[Any]:
    """Nobody's level is told, only who they are."""
    for_caller: ColumnElement[bool] = Expertise.grantee_id.is_(None)
    if principal.person_id is not None:
        for_caller = or_(for_caller, Expertise.grantee_id == me(principal))
    found = exists().where(
        Expertise.person_id == SkillLevel.person_id,
        for_caller,
        or_(Expertise.until.is_(None), Expertise.until > func.now()),
    )
    best = (
        select(SkillLevel.person_id, SkillLevel.level, SkillLevel.mass)
        .join(Person, Person.id == SkillLevel.person_id)
        .where(
            SkillLevel.skill_id == literal_column("short.skill_id"),
            SkillLevel.level >= literal_column("short.required"),
            SkillLevel.person_id != literal_column("asked.person_id"),
            sql(f"people_person.status <> '{TERMINATED}'"),
            found,
        )
        .order_by(SkillLevel.level.desc(), SkillLevel.mass.desc(), SkillLevel.person_id)
        .limit(literal_column(str(MOST_MENTORS)))
        .subquery("mentor")
    )
    each = func.jsonb_build_object(literal_column("'personId'"), best.c.person_id)
    order = (best.c.level.desc(), best.c.mass.desc(), best.c.person_id)
    listed = func.jsonb_agg(aggregate_order_by(each, *order))
    return select(func.coalesce(listed, NOTHING, type_=JSONB)).scalar_subquery()


_COURSES = f"""
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'resourceId', id, 'provider', provider, 'code', code, 'title', title, 'hours', hours, 'cost', cost,
    'currency', currency, 'expectedDelta', expected_delta, 'deltaPerHour', per_hour, 'state', state
    ) ORDER BY per_hour DESC NULLS LAST, expected_delta DESC, id), '[]')
FROM (
    SELECT resource.*, teaches.expected_delta, record.state AS state,
           round(teaches.expected_delta / nullif(resource.hours, 0) * {rules.SCALE!r}::float8)
               / {rules.SCALE!r}::float8 AS per_hour
    FROM learning_skill AS teaches
    JOIN learning_resource AS resource ON resource.id = teaches.resource_id
    LEFT JOIN learning_record AS record
           ON record.resource_id = resource.id AND record.person_id = asked.person_id
    WHERE teaches.skill_id = short.skill_id AND teaches.expected_delta > 0
      AND resource.status = 'ACTIVE' AND record.state IS DISTINCT FROM 'COMPLETED'
    ORDER BY per_hour DESC NULLS LAST, teaches.expected_delta DESC, resource.id
    LIMIT {MOST_COURSES}
) AS course
"""  # noqa: S608 - constants of this module

_LACKING = (
    "(lack.value ->> 'mandatory')::boolean AND lack.value ->> 'status' IN ('PARTLY', 'MISSING')"
)

_BLOCKERS = f"""
SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'skillId', skill_id, 'name', name)
                          ORDER BY part, place), '[]')
FROM (
    SELECT 1 AS part, place, '{BlockerKind.SKILL}' AS kind, skill_id::text, NULL AS name
    FROM unnest(standing.skills) WITH ORDINALITY AS skill(skill_id, place)
    UNION ALL
    SELECT 2, place, '{BlockerKind.EXPERIENCE}', NULL, coalesce(lack.value ->> 'text', lack.value ->> 'type')
    FROM jsonb_array_elements(standing.experience) WITH ORDINALITY AS lack(value, place) WHERE {_LACKING}
    UNION ALL
    SELECT 3, place, '{BlockerKind.CREDENTIAL}', NULL, lack.value ->> 'name'
    FROM jsonb_array_elements(standing.credentials) WITH ORDINALITY AS lack(value, place) WHERE {_LACKING}
) AS blocker
"""  # noqa: S608
