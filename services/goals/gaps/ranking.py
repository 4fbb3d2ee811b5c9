"""Everybody against one role, the readiest first, in one statement that computes whole gaps for its first rows alone.

A first pass over all levels adds up in whatever order PostgreSQL likes. That differs from the sums of `rules`, which
run by skill id, by less than `NOISE`; where so little decides how a number is rounded to nine decimals, the person is
looked at closely whatever their place. So the page is exactly that of the whole gaps in order.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
)

from services.goals.gaps import demands
from services.goals.gaps.engine import ONE, ZERO, Number, constant, rounded
from services.goals.people.models import SkillLevel
from services.goals.roles.models import Role, RoleSkill

NOISE = 1e-12
Visible = Callable[[Any], ColumnElement[bool]]


def nearest(role_id: Any, visible: Visible, limit: int) -> FromClause:
    """The demand of those who may stand among the first `limit`: a few more people than that, rarely."""
    glimpse = _judged(_sums(role_id, visible), _asked_in_all(role_id))
    c = glimpse.c
    order = (c.readiness.desc().nulls_last(), c.unassessed_share, c.person_id)
    sure = select(c.person_id, c.readiness).where(~c.doubtful)
    page = sure.order_by(*order).limit(limit).cte("page")
    place: Number = func.coalesce(page.c.readiness, -ONE, type_=Double())
    last = select(case((func.count() == limit, func.min(place)), else_=-ONE)).scalar_subquery()
    near = and_(c.doubtful, func.coalesce(c.readiness, -ONE) >= last - constant(2e-9))
    chosen = select(c.person_id).where(or_(c.person_id.in_(select(page.c.person_id)), near))
    demand = demands.of_roles(role_id)
    return select(demand).where(demand.c.person_id.in_(chosen)).subquery("demand")


def _sums(role_id: Any, visible: Visible) -> FromClause:
    target = demands.targets(role_id)
    level: Number = rounded(SkillLevel.__table__.c.level)
    short: Number = rounded(func.greatest(ZERO, RoleSkill.required_level - level, type_=Double()))
    known = (
        select(
            SkillLevel.person_id,
            (RoleSkill.importance * RoleSkill.required_level).label("asked"),
            (RoleSkill.importance * short).label("lacking"),
        )
        .join(RoleSkill, RoleSkill.skill_id == SkillLevel.skill_id)
        .join(Role, Role.version_id == RoleSkill.version_id)
        .where(Role.id == role_id, SkillLevel.level.is_not(None))
        .subquery("known")
    )
    seen = select(target).where(visible(target.c)).subquery("seen")
    return (
        select(
            seen.c.person_id,
            func.sum(known.c.asked).label("demanded"),
            func.sum(known.c.lacking).label("missing"),
        )
        .outerjoin(known, known.c.person_id == seen.c.person_id)
        .group_by(seen.c.person_id)
        .subquery("summed")
    )


def _asked_in_all(role_id: Any) -> ColumnElement[Any]:
    return (
        select(func.sum(RoleSkill.importance * RoleSkill.required_level))
        .join(Role, Role.version_id == RoleSkill.version_id)
        .where(Role.id == role_id)
        .scalar_subquery()
    )


def _judged(sums: FromClause, in_all: ColumnElement[Any]) -> FromClause:
    c = sums.c
    ready = case(
        (c.demanded.is_(None), literal_column("NULL::float8", Double())),
        (c.demanded == ZERO, ONE),
        else_=ONE - c.missing / c.demanded,
    )
    asked: Number = func.nullif(in_all, ZERO, type_=Double())
    share = func.coalesce((asked - func.coalesce(c.demanded, ZERO)) / asked, ZERO, type_=Double())
    rough = select(c.person_id, ready.label("ready"), share.label("share")).subquery("rough").c
    return select(
        rough.person_id,
        rounded(rough.ready).label("readiness"),
        rounded(rough.share).label("unassessed_share"),
        or_(_between(rough.ready), _between(rough.share)).label("doubtful"),
    ).cte("glimpse")


def _between(value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether noise could round it to another number."""
    low, high = rounded(value - constant(NOISE)), rounded(value + constant(NOISE))
    return func.coalesce(low != high, literal_column("false"))
