"""What the gateway reads of migrations, and of what one would do: for who may change frameworks."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Table,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy import cast as to_type
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from services.profile.crosswalks.models import FrameworkMigration
from services.profile.crosswalks.rules import BOTH_WAYS, USUAL, Fate
from services.profile.crosswalks.schemas import Using
from services.profile.policy import POLICY
from services.profile.skills.models import SkillFramework
from services.profile.skills.rules import STANDING, AssertionState, FrameworkStatus
from services.profile.skills.views import frameworks
from shared.tenancy import Principal
from shared.views import (
    Argument,
    One,
    Scalar,
    View,
    columns,
    computed,
    formed,
    global_id,
    part,
)
from shared.views.declare import Arguments, Columns, Field

_migration = cast(Table, FrameworkMigration.__table__)


def _may_change(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "FRAMEWORK", "WRITE", row.from_id)


def _words(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


def _count(name: str) -> Scalar:
    return Scalar(lambda row: to_type(row.report[name].astext, Integer))


def _fates(row: Columns) -> ColumnElement[Any]:
    """The skills of a report, each target as an object of its own."""
    rows: FromClause = row.report.table
    told = select(row.report["skills"].label("skills")).correlate(rows).lateral("told")
    found = select(literal_column(f"({_TARGETED})", JSONB())).select_from(told)
    return found.correlate(rows).scalar_subquery()


_REPORT: Mapping[str, Field] = {
    name: _count(name)
    for name in ("assertions", "people", "superseded", "lostAssertions", "lostPeople")
} | {
    "sums": computed(lambda row: row.report["sums"], "fate", "skills", "assertions"),
    "skills": computed(
        _fates, "skillId", "fate", "assertions", "people", part("targets", "skillId")
    ),
}


def _previews(_principal: Principal, arguments: Arguments) -> FromClause:
    """A row for each framework that is or was in use: what moving its evidence to the one that is named would do."""
    to_id: BindParameter[UUID] | ColumnElement[Any] = arguments.get("toFrameworkId", null())
    usual = literal_column(f"jsonb_build_array({_words(USUAL)})", JSONB())
    using: ColumnElement[Any] = arguments.get("using", usual)
    old, new = aliased(SkillFramework), aliased(SkillFramework)
    asked = (
        select(old.id.label("from_id"), new.id.label("to_id"), using.label("carried_by"))
        .join(new, (new.id == to_id) & (new.id != old.id))
        .where(old.status != FrameworkStatus.DRAFT, new.status == FrameworkStatus.PUBLISHED)
        .subquery("asked")
    )
    report = select(literal_column(f"({_REPORTED})", JSONB()).label("report"))
    once = report.offset(literal_column("0")).lateral("once")
    return select(asked, once).select_from(asked.join(once, true())).subquery()


migration_previews: View = View(
    name="migration_previews",
    source=_previews,
    visible=_may_change,
    fields={
        "carriedBy": Scalar(lambda row: row.carried_by),
        "fromFramework": One(lambda: frameworks, on="from_id"),
        "toFramework": One(lambda: frameworks, on="to_id"),
        **_REPORT,
    },
    key="from_id",
    order=("from_id",),
    arguments={"toFrameworkId": Argument(UUID), "using": formed(Using)},
)

_reports: View = View(
    name="migration_reports",
    source=_migration,
    visible=_may_change,
    fields=migration_previews.fields,
)

framework_migrations: View = View(
    name="framework_migrations",
    source=_migration,
    visible=_may_change,
    fields={
        "id": global_id("FrameworkMigration"),
        **columns("state", "copied", "startedById", "startedAt", "finishedAt"),
        "report": One(lambda: _reports, on="id", belongs=True),
    },
    lists={"framework": "from_id"},
    order=("-id",),
)

VIEWS = (migration_previews, framework_migrations)

_TARGETED = """
SELECT coalesce(jsonb_agg(fate.value || jsonb_build_object('targets', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('skillId', target.value) ORDER BY target.place), '[]')
    FROM jsonb_array_elements(fate.value -> 'targetIds') WITH ORDINALITY AS target(value, place)
)) ORDER BY fate.place), '[]')
FROM jsonb_array_elements(told.skills) WITH ORDINALITY AS fate(value, place)
"""
_REPORTED = f"""
WITH skill AS MATERIALIZED (
    SELECT id, code FROM skills_skill WHERE framework_id = asked.from_id
), place AS MATERIALIZED (
    SELECT DISTINCT origin.id AS origin_id, target.id AS target_id
    FROM (
        SELECT origin_id, destination_id, type FROM crosswalks_association
        UNION ALL
        SELECT destination_id, origin_id, type FROM crosswalks_association WHERE type IN ({_words(BOTH_WAYS)})
    ) AS related(origin_id, target_id, type)
    JOIN skill AS origin ON origin.id = related.origin_id
    JOIN skills_skill AS target ON target.id = related.target_id AND target.framework_id = asked.to_id
    WHERE asked.carried_by ? related.type
), taking AS (
    SELECT origin_id, jsonb_agg(target_id ORDER BY target_id) AS target_ids, count(*) AS places,
           bool_or(comers > 1) AS shared
    FROM (SELECT *, count(*) OVER (PARTITION BY target_id) AS comers FROM place) AS counted
    GROUP BY origin_id
), word AS MATERIALIZED (
    SELECT said.* FROM skills_assertion AS said JOIN skill ON skill.id = said.skill_id
    WHERE said.state IN ({_words(STANDING)})
), said AS (
    SELECT skill_id, count(*) AS assertions, count(DISTINCT person_id) AS people FROM word GROUP BY skill_id
), fate AS MATERIALIZED (
    SELECT skill.id, skill.code, coalesce(said.assertions, 0) AS assertions, coalesce(said.people, 0) AS people,
           coalesce(taking.target_ids, '[]') AS target_ids,
           CASE WHEN taking.places IS NULL THEN '{Fate.LOST}'
                WHEN taking.places = 1 AND NOT taking.shared THEN '{Fate.ONE_TO_ONE}'
                WHEN taking.places = 1 THEN '{Fate.MANY_TO_ONE}'
                WHEN taking.shared THEN '{Fate.MANY_TO_MANY}' ELSE '{Fate.ONE_TO_MANY}' END AS fate
    FROM skill
    LEFT JOIN taking ON taking.origin_id = skill.id
    LEFT JOIN said ON said.skill_id = skill.id
), meeting AS (
    SELECT count(*) - 1 AS more
    FROM (
        SELECT place.target_id, said.person_id, said.source, said.assessor_id, said.assessor_group
        FROM place JOIN skills_assertion AS said ON said.skill_id = place.origin_id
        WHERE said.state = '{AssertionState.CONFIRMED}'
        UNION ALL
        SELECT said.skill_id, said.person_id, said.source, said.assessor_id, said.assessor_group
        FROM skills_assertion AS said
        WHERE said.state = '{AssertionState.CONFIRMED}' AND said.skill_id IN (SELECT target_id FROM place)
    ) AS coming
    GROUP BY target_id, person_id, source, assessor_id, assessor_group
), lost AS (
    SELECT word.id, word.person_id FROM word JOIN fate ON fate.id = word.skill_id WHERE fate.fate = '{Fate.LOST}'
)
SELECT jsonb_build_object(
    'assertions', (SELECT count(*) FROM word),
    'people', (SELECT count(DISTINCT person_id) FROM word),
    'superseded', (SELECT coalesce(sum(more), 0) FROM meeting),
    'lostAssertions', (SELECT count(*) FROM lost),
    'lostPeople', (SELECT count(DISTINCT person_id) FROM lost),
    'sums', (
        SELECT jsonb_agg(jsonb_build_object('fate', kind.name, 'skills', kind.skills, 'assertions', kind.assertions)
                         ORDER BY kind.place)
        FROM (
            SELECT each.name, each.place, count(fate.id) AS skills, coalesce(sum(fate.assertions), 0) AS assertions
            FROM unnest(ARRAY[{", ".join(f"'{each}'" for each in Fate)}]) WITH ORDINALITY AS each(name, place)
            LEFT JOIN fate ON fate.fate = each.name
            GROUP BY each.name, each.place
        ) AS kind
    ),
    'skills', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'skillId', id, 'fate', fate, 'targetIds', target_ids, 'assertions', assertions, 'people', people
        ) ORDER BY code), '[]') FROM fate
    ))
"""  # noqa: S608 - constants of this module
"""As `queries.preview` tells it."""
