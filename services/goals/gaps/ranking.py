"""Everybody against one role, the readiest first, in one statement that computes whole gaps for its first rows alone.

A first pass over all levels adds up in whatever order PostgreSQL likes. That differs from the sums of `rules`, which
run by skill id, by less than `NOISE`; where so little decides how a number is rounded to nine decimals, the person is
looked at closely whatever their place. So the page is exactly that of the whole gaps in order, today and on a past day.

Levels are added up before they are joined to people, skill by skill as they lie in their index: joining all of them to
everybody first costs half as much again. Who sees only a few has no use for it: their people are looked up one by one.
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
    true,
)

from services.goals.gaps import dated, demands
from services.goals.gaps.dated import Moment
from services.goals.gaps.engine import ONE, ZERO, Number, constant, rounded
from services.goals.roles.models import RoleSkill

NOISE = 1e-12
Visible = Callable[[Any], ColumnElement[bool]]


def of_all(role_id: Any, visible: Visible, moment: Moment | None) -> FromClause:
    """The demand of all who are seen, for who sees few."""
    demand = demands.of_roles(role_id, moment)
    return select(demand).where(visible(demand.c)).subquery("demand")


def nearest(role_id: Any, visible: Visible, limit: int, moment: Moment | None) -> FromClause:
    """The demand of those who may stand among the first `limit`: a few more people than that, rarely."""
    glimpse = _judged(_sums(role_id, visible, moment), _asked_in_all(role_id, moment))
    c = glimpse.c
    order = (c.readiness.desc().nulls_last(), c.unassessed_share, c.person_id)
    sure = select(c.person_id, c.readiness).where(~c.doubtful)
    page = sure.order_by(*order).limit(limit).cte("page")
    place: Number = func.coalesce(page.c.readiness, -ONE, type_=Double())
    last = select(case((func.count() == limit, func.min(place)), else_=-ONE)).scalar_subquery()
    near = and_(c.doubtful, func.coalesce(c.readiness, -ONE) >= last - constant(2e-9))
    chosen = select(c.person_id).where(or_(c.person_id.in_(select(page.c.person_id)), near))
    demand = demands.of_roles(role_id, moment)
    return select(demand).where(demand.c.person_id.in_(chosen)).subquery("demand")


def _sums(role_id: Any, visible: Visible, moment: Moment | None) -> FromClause:
    target = demands.targets(role_id, moment)
    need = _required(role_id, moment)
    level = dated.levels_of(need, moment)
    reached: Number = rounded(level.c.level)
    short: Number = rounded(func.greatest(ZERO, need.c.required - reached, type_=Double()))
    known = (
        select(
            level.c.person_id,
            func.sum(need.c.weight * need.c.required).label("demanded"),
            func.sum(need.c.weight * short).label("missing"),
        )
        .select_from(need.join(level, true()))
        .where(level.c.level.is_not(None))
        .group_by(level.c.person_id)
        .subquery("known")
    )
    return (
        select(target.c.person_id, known.c.demanded, known.c.missing)
        .outerjoin(known, known.c.person_id == target.c.person_id)
        .where(visible(target.c))
        .subquery("summed")
    )


def _required(role_id: Any, moment: Moment | None) -> FromClause:
    role = dated.versions(moment)
    return (
        select(
            RoleSkill.skill_id,
            RoleSkill.required_level.label("required"),
            RoleSkill.importance.label("weight"),
        )
        .join(role, role.c.role_version_id == RoleSkill.version_id)
        .where(role.c.role_id == role_id)
        .subquery("need")
    )


def _asked_in_all(role_id: Any, moment: Moment | None) -> FromClause:
    need = _required(role_id, moment)
    return select(func.sum(need.c.weight * need.c.required).label("in_all")).subquery("asked")


def _judged(sums: FromClause, asked: FromClause) -> FromClause:
    c = sums.c
    ready = case(
        (c.demanded.is_(None), literal_column("NULL::float8", Double())),
        (c.demanded == ZERO, ONE),
        else_=ONE - c.missing / c.demanded,
    )
    in_all: Number = func.nullif(asked.c.in_all, ZERO, type_=Double())
    share = func.coalesce((in_all - func.coalesce(c.demanded, ZERO)) / in_all, ZERO, type_=Double())
    rows = select(c.person_id, ready.label("ready"), share.label("share"))
    rough = rows.select_from(sums.join(asked, true())).subquery("rough").c
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
