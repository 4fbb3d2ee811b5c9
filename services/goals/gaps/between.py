"""The gap from role to role: what one asks minus what another one asks, for any number of pairs in one statement.

Whoever does the first role exactly as it asks stands at its required levels; a skill that it does not ask for is NEW
and counts from zero. With the numbers of `rules`, over all skills that the second role asks for, by ascending skill id:

    gap = rounded(max(0, required - (asIs or 0)))         fit = rounded(1 - sum(weight * gap) / sum(weight * required))
"""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from services.goals.gaps.engine import ONE, ZERO, Number, rounded
from services.goals.gaps.rules import RoleGapStatus
from services.goals.roles.models import Role, RoleSkill

SUMMARY = (
    "from_role_id", "to_role_id", "fit", "required_count", "gap_count", "new_count", "missing",
)  # fmt: skip


def role(name: str, role_id: UUID) -> ColumnElement[UUID]:
    """The id of one role of a pair."""
    return bindparam(name, role_id, Uuid)


def pairs(origin_id: Any = None, target_id: Any = None) -> FromClause:
    """One row for each two roles, and a skill that the second asks for; None stands for every role."""
    origin, target = aliased(Role), aliased(Role)
    had, need = aliased(RoleSkill), aliased(RoleSkill)
    which = [origin.id != target.id] if origin_id is None or target_id is None else []
    which += [] if origin_id is None else [origin.id == origin_id]
    which += [] if target_id is None else [target.id == target_id]
    rows = (
        select(
            origin.id.label("from_role_id"),
            target.id.label("to_role_id"),
            need.skill_id,
            had.required_level.label("as_is"),
            need.required_level.label("required"),
            need.importance.label("weight"),
            need.mandatory,
        )
        .select_from(origin)
        .join(target, and_(literal_column("true"), *which))
        .outerjoin(need, need.version_id == target.version_id)
        .outerjoin(had, and_(had.version_id == origin.version_id, had.skill_id == need.skill_id))
        .subquery("pair")
    )
    lack: Number = func.greatest(ZERO, rows.c.required - func.coalesce(rows.c.as_is, ZERO))
    gap = case((rows.c.required.is_not(None), rounded(lack)))
    return select(rows, gap.label("gap")).subquery("item")


def summaries(item: FromClause) -> FromClause:
    """One row a pair: how far the first role already fits, how much is missing, all items as JSON."""
    c = item.c
    ordered = [
        func.sum(aggregate_order_by(value, c.skill_id)).label(name)
        for name, value in (("missing", c.gap), ("lacking", c.weight * c.gap))
    ]
    demanded = func.sum(aggregate_order_by(c.weight * c.required, c.skill_id)).label("demanded")
    short = c.gap > ZERO
    sums = (
        select(
            c.from_role_id,
            c.to_role_id,
            *ordered,
            demanded,
            func.count(c.skill_id).label("required_count"),
            func.count().filter(short, c.as_is.is_not(None)).label("gap_count"),
            func.count().filter(short, c.as_is.is_(None)).label("new_count"),
            _listed(item).label("items"),
        )
        .group_by(c.from_role_id, c.to_role_id)
        .subquery("summed")
    )
    whole = func.coalesce(sums.c.demanded, ZERO) == ZERO
    fit = case((whole, ONE), else_=rounded(ONE - sums.c.lacking / sums.c.demanded))
    return select(
        sums.c.from_role_id,
        sums.c.to_role_id,
        sums.c.required_count,
        sums.c.gap_count,
        sums.c.new_count,
        rounded(func.coalesce(sums.c.missing, ZERO)).label("missing"),
        sums.c["items"],
        fit.label("fit"),
    ).subquery("role_gap")


def _listed(item: FromClause) -> ColumnElement[Any]:
    c = item.c
    status = case(
        (and_(c.as_is.is_(None), c.gap > ZERO), _word(RoleGapStatus.NEW)),
        (c.gap > ZERO, _word(RoleGapStatus.GAP)),
        (func.coalesce(c.as_is, ZERO) > c.required, _word(RoleGapStatus.EXCEEDS)),
        else_=_word(RoleGapStatus.MET),
    )
    each = func.jsonb_build_object(
        literal_column("'skillId'"), c.skill_id, literal_column("'status'"), status,
        literal_column("'asIs'"), c.as_is, literal_column("'required'"), c.required,
        literal_column("'gap'"), c.gap, literal_column("'weight'"), c.weight,
        literal_column("'mandatory'"), c.mandatory,
        type_=JSONB,
    )  # fmt: skip
    widest_first = (c.gap.desc(), c.weight.desc(), c.skill_id.asc())
    listed = func.jsonb_agg(aggregate_order_by(each, *widest_first))
    nothing = literal_column("'[]'::jsonb", JSONB())
    return func.coalesce(listed.filter(c.skill_id.is_not(None)), nothing, type_=JSONB)


def _word(status: RoleGapStatus) -> ColumnElement[str]:
    return literal_column(f"'{status.value}'", Text())
