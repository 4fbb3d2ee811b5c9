"""The gap of one, the ranking of many: each one statement, and none of it is stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Row,
    Uuid,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.gaps import demands, engine
from services.goals.gaps.rules import TargetType
from services.goals.gaps.schemas import WantedSkill
from services.goals.policy import POLICY
from shared import clock
from shared.problems import Invalid, NotFound
from shared.tenancy import Principal

AnyRow = Row[*tuple[Any, ...]]
"""Columns by name, as the statement gives them."""

SUMMARY = (
    "person_id", "target_type", "role_id", "role_version_id", "role_version", "as_of", "readiness",
    "readiness_low", "readiness_high", "unassessed_share", "gap_count", "unassessed_count",
    "blockers", "engine_version",
)  # fmt: skip


def visible(principal: Principal, row: Any) -> ColumnElement[bool]:
    """A manager sees the gap to the role that the person has, not to roles that they aim at."""
    assigned = POLICY.visible(principal, "GAP", "READ", row.person_id)
    return or_(
        POLICY.visible(principal, "TARGET_GAP", "READ", row.person_id),
        and_(row.target_type == TargetType.CURRENT_ROLE.value, assigned),
    )


async def of_person(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID | None,
    role_id: UUID | None,
    as_of: date | None,
) -> AnyRow:
    """Against a role, or the person's own. Raises `NotFound` when there is no such person, role or right to see it."""
    return await _one(session, principal, person_id, demands.of_roles(_role(role_id)), as_of)


async def of_custom(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID | None,
    wanted: Sequence[WantedSkill],
    as_of: date | None,
) -> AnyRow:
    """Against a list of skills. Raises `NotFound`."""
    rows = [
        {
            "skill_id": str(each.skill_id),
            "required": each.required_level,
            "weight": each.importance,
            "mandatory": each.mandatory,
        }
        for each in wanted
    ]
    return await _one(session, principal, person_id, demands.of_profile(rows), as_of)


async def ranking(
    session: AsyncSession,
    principal: Principal,
    *,
    role_id: UUID,
    as_of: date | None,
    limit: int,
) -> Sequence[AnyRow]:
    """The visible people nearest to a role, the readiest first; who has nothing assessed stands last."""
    gap = engine.summaries(demands.of_roles(_role(role_id)), _day(as_of))
    rows = await session.execute(
        select(*(gap.c[name] for name in SUMMARY))
        .where(visible(principal, gap.c))
        .order_by(gap.c.readiness.desc().nulls_last(), gap.c.unassessed_share, gap.c.person_id)
        .limit(limit)
    )
    return rows.all()


async def _one(
    session: AsyncSession,
    principal: Principal,
    person_id: UUID | None,
    demand: FromClause,
    as_of: date | None,
) -> AnyRow:
    gap = engine.summaries(demand, _day(as_of))
    whose = person_id or principal.person_id
    found = await session.execute(
        select(*(gap.c[name] for name in SUMMARY), gap.c["items"]).where(
            gap.c.person_id == whose, visible(principal, gap.c)
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def _role(role_id: UUID | None) -> Any:
    return None if role_id is None else bindparam("target_role_id", role_id, Uuid)


def _day(as_of: date | None) -> ColumnElement[date]:
    """The copy holds the newest estimates only, so a gap looks from today forward."""
    today = clock.today()
    if as_of is not None and as_of < today:
        raise Invalid.field("query:asOf", "use today or a later day; past levels are not kept here")
    return bindparam("as_of", as_of or today, Date)
