"""Who is measured against what: one row a person and required skill."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    true,
)

from services.goals.gaps import dated
from services.goals.gaps.dated import Moment
from services.goals.gaps.rules import TargetType
from services.goals.people.models import TERMINATED, Person
from services.goals.roles.models import RoleSkill


def _fixed(word: str) -> ColumnElement[str]:
    """A constant in the statement's text."""
    return literal_column(f"'{word}'", Text())


def _works_here() -> ColumnElement[bool]:
    return Person.status != _fixed(TERMINATED)


def targets(role_id: BindParameter[UUID] | None, moment: Moment | None = None) -> FromClause:
    """Everybody with a role to be measured against: the one given, else their own, in the version of that moment."""
    wanted = Person.role_id if role_id is None else role_id
    current = _fixed(TargetType.CURRENT_ROLE)
    kind = (
        current
        if role_id is None
        else case((Person.role_id == role_id, current), else_=_fixed(TargetType.TARGET_ROLE))
    )
    role = dated.versions(moment)
    return (
        select(Person.id.label("person_id"), Person.org_unit_id, kind.label("target_type"), role)
        .join(role, role.c.role_id == wanted)
        .where(_works_here())
        .subquery("target")
    )


def of_roles(role_id: BindParameter[UUID] | None, moment: Moment | None = None) -> FromClause:
    """The required skills of those targets; a role that requires none leaves one row without a skill."""
    target = targets(role_id, moment)
    return (
        select(
            target,
            RoleSkill.skill_id,
            RoleSkill.required_level.label("required"),
            RoleSkill.importance.label("weight"),
            RoleSkill.mandatory,
        )
        .outerjoin(RoleSkill, RoleSkill.version_id == target.c.role_version_id)
        .subquery("demand")
    )


def of_profile(requirements: ColumnElement[Any]) -> FromClause:
    """Everybody against a list of skills that is no role's: a JSON array as of `WantedSkill` on the wire."""
    wanted = (
        func.jsonb_to_recordset(requirements)
        .table_valued(
            column("skillId", Uuid),
            column("requiredLevel", Double),
            column("importance", Double),
            column("mandatory", Boolean),
            name="wanted",
        )
        .render_derived(with_types=True)
    )
    rows: Select[Any] = select(
        Person.id.label("person_id"),
        Person.org_unit_id,
        _fixed(TargetType.CUSTOM).label("target_type"),
        cast(null(), Uuid).label("role_id"),
        cast(null(), Uuid).label("role_version_id"),
        cast(null(), Integer).label("role_version"),
        wanted.c.skillId.label("skill_id"),
        wanted.c.requiredLevel.label("required"),
        wanted.c.importance.label("weight"),
        wanted.c.mandatory,
    ).join(wanted, true())
    rows = rows.where(_works_here())
    return rows.subquery("demand")
