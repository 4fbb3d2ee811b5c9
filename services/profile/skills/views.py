"""What the gateway reads of frameworks, skills and what is known of people's skills."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Table,
    select,
)

from services.profile.people.queries import contains
from services.profile.policy import POLICY
from services.profile.skills.models import (
    ProficiencyScale,
    Skill,
    SkillAssertion,
    SkillFramework,
)
from services.profile.skills.queries import open_frameworks, open_skills, readable_assertions
from shared.tenancy import Principal
from shared.views import Argument, Many, One, View, column, columns, elements, global_id
from shared.views.declare import Arguments, Columns


def _table(model: type[SkillAssertion | SkillFramework | Skill]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


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


def _assertions_visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return readable_assertions(principal, row.person_id, row.source)


def _search(row: Columns, wanted: BindParameter[Any]) -> ColumnElement[bool]:
    return contains([row.statement, row.code], wanted)


def _visible(kind: str) -> Any:
    """The source has left out drafts; this is for callers without any access."""

    def visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
        return POLICY.visible(principal, kind, "READ", row.id)

    return visible


def _associations() -> View:
    """They show skills in their turn."""
    from services.profile.crosswalks.views import skill_associations  # noqa: PLC0415

    return skill_associations


frameworks: View = View(
    name="frameworks",
    source=_frameworks,
    visible=_visible("FRAMEWORK"),
    fields={
        "id": global_id("SkillFramework"),
        "frameworkId": column("id"),
        **columns(
            "key",
            "title",
            "creator",
            "source",
            "licence",
            "version",
            "status",
            "rule",
            "rollUp",
            "sequence",
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
            "weight",
        ),
        "version": column("sequence"),
        "alignments": elements("alignments", "uri", "type"),
        "framework": One(lambda: frameworks, on="framework_id"),
        "parent": One(lambda: skills, on="parent_id"),
        "children": Many(lambda: skills, by="parent"),
        "associations": Many(_associations, by="origin"),
        "associatedFrom": Many(_associations, by="destination"),
    },
    lists={"parent": "parent_id", "framework": "framework_id"},
    order=("statement", "id"),
    arguments={
        "search": Argument(str, _search),
        "frameworkId": Argument(UUID, lambda row, wanted: row.framework_id == wanted),
        "type": Argument(str, lambda row, wanted: row.type == wanted),
    },
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
