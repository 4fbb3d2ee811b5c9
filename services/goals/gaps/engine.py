"""The gap as one SQL statement over any number of people; the formulas and their sources stand in `rules`."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.goals.gaps import dated, rules
from services.goals.gaps.dated import Moment
from services.goals.gaps.rules import GapStatus
from services.goals.people.models import SkillLevel

Number = ColumnElement[float]
_EMPTY = literal_column("'[]'::jsonb", JSONB())
ONE: Number = literal_column("1::float8", Double())
ZERO: Number = literal_column("0::float8", Double())


def items(
    demand: FromClause,
    as_of: ColumnElement[date],
    moment: Moment | None = None,
    *,
    one_by_one: bool = False,
) -> FromClause:
    """One row a person and required skill: the level beside the demand, its certainty as of that day, the gap.

    With a moment the level is the one of then, not the newest. Of a demand that is a small part of all, which
    PostgreSQL cannot know, the levels are better looked up `one_by_one`.
    """
    aged = _aged(demand, as_of, _level(demand, moment, one_by_one))
    estimated = _estimated(aged)
    bounded = _bounded(estimated)
    return select(
        bounded,
        _status(bounded.c.as_is, bounded.c.required).label("status"),
        and_(bounded.c.mandatory, bounded.c.interval_high < bounded.c.required).label("blocker"),
        _trace(bounded).label("trace"),
    ).subquery("item")


def summaries(
    demand: FromClause,
    as_of: ColumnElement[date],
    moment: Moment | None = None,
    *,
    one_by_one: bool = False,
) -> FromClause:
    """One row a person: readiness with its interval, what is unassessed, the blockers, all items as JSON.

    What nobody reads of it PostgreSQL does not compute.
    """
    item = items(demand, as_of, moment, one_by_one=one_by_one)
    c = item.c
    sums = (
        select(
            c.person_id,
            c.target_type,
            c.role_id,
            c.role_version_id,
            c.role_version,
            func.min(c.as_of).label("as_of"),
            _sum(c.weight * c.required, item).filter(c.as_is.is_not(None)).label("demanded"),
            _sum(c.weight * c.required, item).label("demanded_in_all"),
            _sum(c.weight * c.gap, item).label("missing"),
            _root_of_squares(c.weight * (c.gap_at_low - c.gap), item).label("down"),
            _root_of_squares(c.weight * (c.gap - c.gap_at_high), item).label("up"),
            func.coalesce(
                func.array_agg(aggregate_order_by(c.skill_id, c.skill_id)).filter(c.blocker),
                literal_column("'{}'::uuid[]"),
            ).label("blockers"),
            func.count().filter(c.status == GapStatus.GAP).label("gap_count"),
            func.count()
            .filter(c.status == GapStatus.UNASSESSED, c.skill_id.is_not(None))
            .label("unassessed_count"),
            _listed(item, _traced(item)).label("items"),
            _listed(item, _item_json(item)).label("untraced_items"),
        )
        .group_by(c.person_id, c.target_type, c.role_id, c.role_version_id, c.role_version)
        .subquery("summed")
    )
    return _concluded(sums, None if moment is None else moment.known_at)


def _concluded(sums: FromClause, known_at: Any) -> FromClause:
    c = sums.c
    readiness = case(
        (c.demanded.is_(None), null()),
        (c.demanded == ZERO, ONE),
        else_=rounded(ONE - c.missing / c.demanded),
    )
    judged = select(sums, readiness.label("readiness")).subquery("judged")
    j = judged.c
    has_width = and_(j.readiness.is_not(None), j.demanded > ZERO)
    low: Number = func.greatest(ZERO, rounded(j.readiness - j.down / j.demanded), type_=Double())
    high: Number = func.least(ONE, rounded(j.readiness + j.up / j.demanded), type_=Double())
    unassessed = j.demanded_in_all - func.coalesce(j.demanded, ZERO)
    share = case(
        (func.coalesce(j.demanded_in_all, ZERO) == ZERO, ZERO),
        (j.demanded.is_(None), ONE),
        else_=rounded(unassessed / j.demanded_in_all),
    )
    return select(
        judged,
        case((has_width, low), else_=j.readiness).label("readiness_low"),
        case((has_width, high), else_=j.readiness).label("readiness_high"),
        share.label("unassessed_share"),
        literal_column(f"'{rules.ENGINE_VERSION}'", Text()).label("engine_version"),
        cast(null() if known_at is None else known_at, DateTime(timezone=True)).label("known_at"),
    ).subquery("gap")


def _aged(
    demand: FromClause, as_of: ColumnElement[date], levels: tuple[Any, FromClause]
) -> FromClause:
    level, joined = levels
    days = func.greatest(as_of - level.as_of, 0)
    months = cast(days, Double) / constant(rules.DAYS_A_MONTH)
    halvings = func.least(months / level.half_life_months, constant(rules.MOST_HALVINGS))
    halves: Number = func.power(constant(0.5), halvings, type_=Double())
    factor = case((level.half_life_months > 0, rounded(halves)), else_=ONE)
    return (
        select(
            demand,
            cast(as_of, Date).label("as_of"),
            level.as_of.label("estimated_on"),
            level.half_life_months,
            level.mass.label("evidence_mass"),
            level.variance,
            level.level.label("told_level"),
            level.rule,
            level.contributions,
            case((level.level.is_not(None), days)).label("days"),
            case((level.level.is_not(None), factor)).label("factor"),
        )
        .select_from(joined)
        .subquery("aged")
    )


def _level(demand: FromClause, moment: Moment | None, one_by_one: bool) -> tuple[Any, FromClause]:
    """The columns of the levels, and the demand joined to them where there is one."""
    if moment is None and not one_by_one:
        same = (
            SkillLevel.person_id == demand.c.person_id,
            SkillLevel.skill_id == demand.c.skill_id,
        )
        known = and_(*same, SkillLevel.level.is_not(None))
        return SkillLevel, demand.outerjoin(SkillLevel.__table__, known)
    level = dated.level_of(demand, moment) if moment else dated.level_by_itself(demand)
    return level.c, demand.outerjoin(level, level.c.level.is_not(None))


def _estimated(aged: FromClause) -> FromClause:
    mass = rounded(aged.c.evidence_mass * aged.c.factor)
    spread = aged.c.variance / (mass + constant(rules.EPSILON))
    half = constant(rules.Z) * func.sqrt(spread, type_=Double())
    certainty = select(
        rounded(aged.c.told_level).label("as_is"),
        mass.label("mass"),
        rounded(mass / (mass + ONE)).label("confidence"),
        rounded(half).label("half"),
    )
    return _with(aged, certainty, "estimated")


def _bounded(estimated: FromClause) -> FromClause:
    c = estimated.c
    lowest: Number = func.greatest(
        constant(rules.LOWEST), rounded(c.as_is - c.half), type_=Double()
    )
    highest: Number = func.least(constant(rules.HIGHEST), rounded(c.as_is + c.half), type_=Double())
    known = c.as_is.is_not(None)
    low, high = case((known, lowest)), case((known, highest))
    shortfalls = select(
        low.label("interval_low"),
        high.label("interval_high"),
        _short_of(c.as_is, c.required).label("gap"),
        _short_of(low, c.required).label("gap_at_low"),
        _short_of(high, c.required).label("gap_at_high"),
    )
    return _with(estimated, shortfalls, "bounded")


def _with(rows: FromClause, values: Select[*tuple[Any, ...]], name: str) -> FromClause:
    """The rows with some values more, each computed once a row.

    PostgreSQL would copy the expression of a value into every place that reads it, and the copies multiply from step to
    step; OFFSET 0 keeps it from that.
    """
    computed = values.correlate(rows).offset(literal_column("0")).lateral(f"{name}_once")
    return select(rows, computed).select_from(rows.join(computed, true())).subquery(name)


def _short_of(level: Number, required: Number) -> Number:
    """GREATEST ignores NULL, so a skill without a level is kept apart by hand."""
    short: Number = func.greatest(ZERO, required - level, type_=Double())
    return case((level.is_not(None), rounded(short)))


def _status(as_is: Number, required: Number) -> ColumnElement[str]:
    return case(
        (as_is.is_(None), _word(GapStatus.UNASSESSED)),
        (as_is < required, _word(GapStatus.GAP)),
        (as_is > required, _word(GapStatus.EXCEEDS)),
        else_=_word(GapStatus.MET),
    )


def _trace(row: FromClause) -> ColumnElement[Any]:
    c = row.c
    estimate = func.jsonb_build_object(
        "level", c.told_level, "mass", c.evidence_mass, "variance", c.variance,
        "asOf", c.estimated_on, "halfLifeMonths", c.half_life_months, "rule", c.rule,
    )  # fmt: skip
    decay = func.jsonb_build_object("days", c.days, "factor", c.factor, "mass", c.mass)
    return func.jsonb_build_object(
        "estimate", estimate, "decay", decay, "half", c.half,
        "contributions", func.coalesce(c.contributions, _EMPTY),
        type_=JSONB,
    )  # fmt: skip


def _item_json(item: FromClause) -> ColumnElement[Any]:
    c = item.c
    return func.jsonb_build_object(
        "skillId", c.skill_id, "asIs", c.as_is, "intervalLow", c.interval_low,
        "intervalHigh", c.interval_high, "confidence", c.confidence, "required", c.required,
        "gap", c.gap, "weight", c.weight, "mandatory", c.mandatory,
        "blocker", func.coalesce(c.blocker, false()), "status", c.status,
        type_=JSONB,
    )  # fmt: skip


def _traced(item: FromClause) -> ColumnElement[Any]:
    trace = case((item.c.as_is.is_not(None), item.c.trace))
    return _item_json(item).op("||")(func.jsonb_build_object("trace", trace))


def _listed(item: FromClause, each: ColumnElement[Any]) -> ColumnElement[Any]:
    widest_first = (
        item.c.gap.desc().nulls_last(),
        item.c.weight.desc(),
        item.c.skill_id.asc(),
    )
    listed = func.jsonb_agg(aggregate_order_by(each, *widest_first))
    return func.coalesce(listed.filter(item.c.skill_id.is_not(None)), _EMPTY, type_=JSONB)


def _sum(values: Number, item: FromClause) -> Any:
    """Added up by ascending skill id: floating point sums depend on their order."""
    return func.sum(aggregate_order_by(values, item.c.skill_id), type_=Double())


def _root_of_squares(values: Number, item: FromClause) -> Number:
    return func.sqrt(_sum(values * values, item), type_=Double())


def rounded(value: ColumnElement[Any]) -> Number:
    """As `rules.rounded`, in SQL."""
    scale = constant(rules.SCALE)
    whole: ColumnElement[Any] = func.round(value * scale, type_=Double())
    shortened: ColumnElement[Any] = whole / scale
    return shortened


def constant(value: float) -> Number:
    return literal_column(f"{value!r}::float8", Double())


def _word(status: GapStatus) -> ColumnElement[str]:
    return literal_column(f"'{status.value}'", Text())
