"""The search for experts as one statement, behind REST and GraphQL alike.

Only those are found who work here, consented to EXPERTISE, and whose level certainly reaches the first step of the
framework's scale: what counts is the lower end of the 90 % interval as of today. The word of the highest step that it
reaches is all that a colleague learns of the level; the figures are for who may read estimates anyway. Nothing else of
what is shown, and no filter, is finer than a step.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Row,
    Text,
    Uuid,
    bindparam,
    case,
    column,
    false,
    func,
    null,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import Person
from services.profile.people.queries import units_below
from services.profile.people.rules import WITH_ACCESS
from services.profile.people.schemas import CARD
from services.profile.policy import POLICY
from services.profile.skills import queries as skills
from services.profile.skills.ageing import interval_ends
from services.profile.skills.models import ProficiencyScale, Skill, SkillEstimate, SkillFramework
from services.profile.skills.queries import open_skills
from shared.tenancy import Principal

Given = Mapping[str, Any]
"""Bound values of `skillId`, `orgUnitId`, `atLeast`; what is not given does not narrow, but without a skill there is
nobody."""


def experts(principal: Principal, given: Given) -> FromClause:
    """The cards of who knows the skill, `place` from 1 for who certainly knows it best."""
    estimate = SkillEstimate.__table__.c
    low, high = interval_ends(estimate)
    step = _step(low)
    may_read = POLICY.visible(principal, "ESTIMATE", "READ", Person.id)
    card = Person.__table__.c
    found = (
        select(
            *(card[name] for name in CARD),
            Person.id.label("person_id"),
            SkillEstimate.skill_id,
            step.c.ordinal,
            step.c.label.label("band"),
            *(
                case((may_read, value), else_=null()).label(name)
                for name, value in (
                    ("estimate", SkillEstimate.level),
                    ("interval_low", low),
                    ("interval_high", high),
                )
            ),
            func.row_number().over(order_by=(low.desc(), Person.id)).label("place"),
        )
        .join(SkillEstimate, SkillEstimate.person_id == Person.id)
        .join(Skill, Skill.id == SkillEstimate.skill_id)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .join(ProficiencyScale, ProficiencyScale.id == SkillFramework.scale_id)
        .join(step, true())
        .where(
            POLICY.visible(principal, "EXPERTISE", "FIND", Person.id),
            Person.status.in_(WITH_ACCESS),
            open_skills(principal),
            SkillEstimate.level.is_not(None),
            *_narrowed(given, step),
        )
    )
    return found.subquery()


def _step(low: ColumnElement[float]) -> Any:
    """The highest step of the scale that the level certainly reaches; none for who is below the first."""
    each = (
        func.jsonb_to_recordset(ProficiencyScale.levels)
        .table_valued(
            column("ordinal", Integer),
            column("label", Text),
            column("value", Double),
            name="each",
        )
        .render_derived(with_types=True)
    )
    reached = select(each.c.ordinal, each.c.label).where(each.c.value <= low)
    return (
        reached.order_by(each.c.ordinal.desc())
        .limit(1)
        .correlate(ProficiencyScale, SkillEstimate)
        .lateral("step")
    )


def _narrowed(given: Given, step: Any) -> list[ColumnElement[bool]]:
    if given.get("skillId") is None:
        return [false()]
    rules = [SkillEstimate.skill_id == given["skillId"]]
    if given.get("orgUnitId") is not None:
        rules.append(Person.org_unit_id.in_(units_below(given["orgUnitId"])))
    if given.get("atLeast") is not None:
        rules.append(step.c.ordinal >= given["atLeast"])
    return rules


async def of_skill(
    session: AsyncSession,
    principal: Principal,
    *,
    skill_id: UUID,
    org_unit_id: UUID | None,
    at_least: int | None,
    limit: int,
) -> list[Row[*tuple[Any, ...]]]:
    """Who certainly knows it best first. Raises `NotFound` for a skill that is not there."""
    await skills.skill(session, principal, skill_id)
    given = {
        "skillId": bindparam("skill", skill_id, Uuid),
        "orgUnitId": None if org_unit_id is None else bindparam("unit", org_unit_id, Uuid),
        "atLeast": None if at_least is None else bindparam("at_least", at_least, Integer),
    }
    row = experts(principal, given)
    return list((await session.execute(select(row).order_by(row.c.place).limit(limit))).all())
