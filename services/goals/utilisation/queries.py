"""Held and not asked for, over any number of people, as one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    FromClause,
    Uuid,
    cast,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.gaps import rules as gap_rules
from services.goals.people.models import TERMINATED, Person, SkillLevel
from services.goals.policy import POLICY
from services.goals.roles.models import Role, RoleSkill
from shared.problems import NotFound
from shared.tenancy import Principal

TODAY: ColumnElement[date] = literal_column("(now() AT TIME ZONE 'UTC')::date", Date())


def unused(at_least: ColumnElement[float]) -> FromClause:
    """A row a person and skill whose level is `at_least` so high; who has no role that is known here has none."""
    low, high = _interval()
    asked = exists().where(
        RoleSkill.version_id == Role.version_id, RoleSkill.skill_id == SkillLevel.skill_id
    )
    pair = func.concat(SkillLevel.person_id, SkillLevel.skill_id)
    return (
        select(
            cast(func.md5(pair), Uuid).label("id"),
            SkillLevel.person_id,
            SkillLevel.skill_id,
            SkillLevel.level,
            low.label("interval_low"),
            high.label("interval_high"),
            Role.id.label("role_id"),
        )
        .join(Person, Person.id == SkillLevel.person_id)
        .join(Role, Role.id == Person.role_id)
        .where(SkillLevel.level >= at_least, Person.status != TERMINATED, ~asked)
        .subquery("unused")
    )


def _interval() -> tuple[ColumnElement[float], ColumnElement[float]]:
    """The 90 % interval today, by the formulas of the gap."""
    days = func.greatest(TODAY - SkillLevel.as_of, 0)
    months = cast(days, Double) / gap_rules.DAYS_A_MONTH
    halvings = func.least(months / SkillLevel.half_life_months, gap_rules.MOST_HALVINGS)
    factor: ColumnElement[float] = func.coalesce(
        func.power(cast(0.5, Double), halvings, type_=Double()), 1.0
    )
    spread = SkillLevel.variance / (SkillLevel.mass * factor + gap_rules.EPSILON)
    half: ColumnElement[float] = gap_rules.Z * func.sqrt(spread, type_=Double())
    return (
        func.greatest(gap_rules.LOWEST, SkillLevel.level - half, type_=Double()),
        func.least(gap_rules.HIGHEST, SkillLevel.level + half, type_=Double()),
    )


def visible(principal: Principal, row: Any) -> ColumnElement[bool]:
    """Who may read the gap to the role that a person has."""
    return POLICY.visible(principal, "GAP", "READ", row.person_id)


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID, at_least: float
) -> Any:
    """What is best known first. Raises `NotFound`."""
    if not await POLICY.may(session, principal, "GAP", "READ", person_id):
        raise NotFound
    row = unused(cast(at_least, Double))
    rows = select(row).where(row.c.person_id == person_id, visible(principal, row.c))
    ordered = rows.order_by(row.c.interval_low.desc(), row.c.skill_id)
    return (await session.execute(ordered)).all()
