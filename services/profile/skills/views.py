"""What the gateway reads of frameworks, skills and what is known of people's skills."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Double,
    FromClause,
    Table,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.people.queries import contains
from services.profile.policy import POLICY
from services.profile.skills.estimation import DAYS_A_MONTH, EPSILON, QUANTILE
from services.profile.skills.models import (
    ProficiencyScale,
    Skill,
    SkillAssertion,
    SkillEstimate,
    SkillFramework,
)
from services.profile.skills.queries import open_frameworks, open_skills, readable_assertions
from shared.tenancy import Principal
from shared.views import Argument, Many, One, View, column, columns, elements, global_id
from shared.views.declare import Arguments, Columns

TODAY: ColumnElement[date] = literal_column("CAST(now() AT TIME ZONE 'UTC' AS date)")


def _table(model: type[SkillEstimate | SkillAssertion | SkillFramework | Skill]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _number(value: float) -> ColumnElement[float]:
    return literal_column(f"CAST({value!r} AS double precision)", Double)


def _frameworks(principal: Principal, _: Arguments) -> FromClause:
    return (
        select(
            *_table(SkillFramework).c,
            ProficiencyScale.name.label("scale_name"),
            ProficiencyScale.levels,
        )
        .join(ProficiencyScale, ProficiencyScale.id == SkillFramework.scale_id)
        .where(open_frameworks(principal))
        .subquery()
    )


def _skills(principal: Principal, _: Arguments) -> FromClause:
    return select(*_table(Skill).c).where(open_skills(principal)).subquery()


def _levels(principal: Principal, _: Arguments) -> FromClause:
    """The stored estimates as of today: the level stays, mass, interval and contributions age (see estimation.py)."""
    stored = _table(SkillEstimate).c
    days = func.greatest(TODAY - stored.as_of, 0)
    halvings = days / (_number(DAYS_A_MONTH) * stored.half_life_months)
    factor = func.power(_number(0.5), halvings, type_=Double)
    mass = stored.mass * factor
    reach = _number(QUANTILE) * func.sqrt(stored.variance / (mass + _number(EPSILON)))
    own = POLICY.visible(principal, "SELF_ASSERTION", "READ", stored.person_id)
    names = ("id", "person_id", "skill_id", "level", "variance", "half_life_months", "rule")
    return select(
        *(stored[name] for name in names),
        case((own, stored.self_level), else_=null()).label("self_level"),
        mass.label("mass"),
        (mass / (mass + _number(1.0))).label("confidence"),
        func.greatest(stored.level - reach, _number(0.0), type_=Double).label("interval_low"),
        func.least(stored.level + reach, _number(5.0), type_=Double).label("interval_high"),
        TODAY.label("as_of"),
        _aged(stored.contributions, factor).label("contributions"),
        stored.engine_version,
        stored.sequence,
    ).subquery()


def _aged(contributions: ColumnElement[Any], factor: ColumnElement[float]) -> ColumnElement[Any]:
    each = func.jsonb_array_elements(contributions).column_valued("each")
    decay = cast(each.op("->>")(literal_column("'decay'")), Double) * factor
    aged = func.jsonb_set(each, literal_column("'{decay}'"), func.to_jsonb(decay))
    return select(func.jsonb_agg(aged, type_=JSONB)).scalar_subquery()


def _of_reader(kind: str) -> Any:
    def visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
        return POLICY.visible(principal, kind, "READ", row.person_id)

    return visible


def _assertions_visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return readable_assertions(principal, row.person_id, row.source)


def _search(row: Columns, wanted: BindParameter[Any]) -> ColumnElement[bool]:
    return contains([row.statement, row.code], wanted)


def _visible(kind: str) -> Any:
    """The source has left out drafts; this is for callers without any access."""

    def visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
        return POLICY.visible(principal, kind, "READ", row.id)

    return visible


frameworks: View = View(
    name="frameworks",
    source=_frameworks,
    visible=_visible("FRAMEWORK"),
    fields={
        "id": global_id("SkillFramework"),
        "frameworkId": column("id"),
        **columns(
            "key", "title", "creator", "source", "licence", "version", "status", "rule", "sequence"
        ),
        "scaleName": column("scale_name"),
        "levels": elements("levels", "ordinal", "label", "description", "value"),
        "skills": Many(lambda: skills, by="framework"),
    },
    order=("title", "id"),
    arguments={"status": Argument(str, lambda row, status: row.status == status)},
)

skills: View = View(
    name="skills",
    source=_skills,
    visible=_visible("SKILL"),
    fields={
        "id": global_id("Skill"),
        "skillId": column("id"),
        **columns(
            "frameworkId",
            "parentId",
            "code",
            "statement",
            "description",
            "type",
            "halfLifeMonths",
        ),
        "version": column("sequence"),
        "alignments": elements("alignments", "uri", "type"),
        "framework": One(lambda: frameworks, on="framework_id"),
        "parent": One(lambda: skills, on="parent_id"),
        "children": Many(lambda: skills, by="parent"),
    },
    lists={"parent": "parent_id", "framework": "framework_id"},
    order=("statement", "id"),
    arguments={
        "search": Argument(str, _search),
        "frameworkId": Argument(UUID, lambda row, wanted: row.framework_id == wanted),
        "type": Argument(str, lambda row, wanted: row.type == wanted),
    },
)

skill_levels = View(
    name="skill_levels",
    source=_levels,
    visible=_of_reader("ESTIMATE"),
    fields={
        "id": global_id("SkillLevel"),
        **columns(
            "personId",
            "skillId",
            "level",
            "selfLevel",
            "mass",
            "variance",
            "intervalLow",
            "intervalHigh",
            "confidence",
            "asOf",
            "halfLifeMonths",
            "rule",
            "engineVersion",
        ),
        "version": column("sequence"),
        "contributions": elements(
            "contributions", "assertionId", "source", "level", "weight", "decay", "occurredOn"
        ),
        "skill": One(lambda: skills, on="skill_id", belongs=True),
    },
    lists={"person": "person_id", "skill": "skill_id"},
    order=("-confidence", "id"),
    arguments={"skillId": Argument(UUID, lambda row, wanted: row.skill_id == wanted)},
)

skill_assertions = View(
    name="skill_assertions",
    source=_table(SkillAssertion),
    visible=_assertions_visible,
    fields={
        "id": global_id("SkillAssertion"),
        **columns(
            "personId",
            "skillId",
            "level",
            "source",
            "state",
            "assessorId",
            "assessorGroup",
            "polarity",
            "confidence",
            "note",
            "occurredOn",
            "expiresOn",
            "supersedesId",
            "recordedAt",
        ),
        "version": column("sequence"),
        "evidence": elements("evidence", "kind", "title", "uri", "capturedAt"),
        "skill": One(lambda: skills, on="skill_id", belongs=True),
    },
    lists={"person": "person_id"},
    order=("-occurred_on", "-id"),
    arguments={"skillId": Argument(UUID, lambda row, wanted: row.skill_id == wanted)},
)
