"""Strengths and development areas: the skills whose whole interval lies above, or below, the person's own mean.

The mean is over the assessed skills, each weighted by its confidence W / (W + 1): m = Σ(c·l) / Σc. Compared with
themself alone nobody is weak in everything. What the person says of a skill stands above what is derived.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Subquery,
    Table,
    Text,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from services.profile.journal.models import OwnView
from services.profile.journal.rules import LEAST_SKILLS, Standing
from services.profile.skills.level_views import skill_levels
from shared.policy import me
from shared.tenancy import Principal

_SAID = "Your level is %s (90 %% interval %s to %s), as a whole %s your own mean of %s over %s assessed skills."


def standing_out(principal: Principal) -> FromClause:
    """One row a skill that stands out or that the caller has said something of; as of today."""
    derived, own = _derived(principal), _own_views(principal)
    row, word = derived.c, own.c
    return (
        select(
            func.coalesce(row.skill_id, word.skill_id).label("skill_id"),
            me(principal).label("person_id"),
            func.coalesce(word.standing, row.derived).label("standing"),
            row.derived,
            word.standing.label("own_view"),
            word.id.label("view_id"),
            word.tenant_id,
            word.sealed,
            row.level,
            row.interval_low,
            row.interval_high,
            row.own_mean,
            row.skill_count,
            _explanation(row).label("explanation"),
        )
        .select_from(derived.outerjoin(own, row.skill_id == word.skill_id, full=True))
        .where(or_(row.derived.is_not(None), word.standing.is_not(None)))
        .subquery()
    )


def _derived(principal: Principal) -> Subquery:
    """The caller's assessed skills, each beside the mean of all."""
    assert callable(skill_levels.source)
    stored = skill_levels.source(principal, {}).c
    weighted = func.sum(stored.confidence * stored.level).over()
    mine = (
        select(
            stored.skill_id,
            stored.level,
            stored.interval_low,
            stored.interval_high,
            (weighted / func.sum(stored.confidence).over()).label("own_mean"),
            cast(func.count().over(), Integer).label("skill_count"),
        )
        .where(stored.person_id == me(principal), stored.level.is_not(None))
        .subquery()
    )
    row = mine.c
    enough = row.skill_count >= literal_column(str(LEAST_SKILLS))
    stands = case(
        (~enough, cast(null(), Text)),
        (row.interval_low > row.own_mean, _word(Standing.STRENGTH)),
        (row.interval_high < row.own_mean, _word(Standing.DEVELOPMENT_AREA)),
    )
    return select(*row, stands.label("derived")).subquery()


def _own_views(principal: Principal) -> Subquery:
    table = OwnView.__table__
    assert isinstance(table, Table)
    row = table.c
    standing = cast(row.standing, Text).label("standing")
    columns = (row.id, row.tenant_id, row.skill_id, row.sealed)
    return select(*columns, standing).where(row.person_id == me(principal)).subquery()


def _explanation(row: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[Any]:
    """The comparison in words; nothing for what is only the person's own view."""
    side = case((row.derived == _word(Standing.STRENGTH), _quoted("above")), else_=_quoted("below"))
    said = func.format(
        _quoted(_SAID),
        _rounded(row.level),
        _rounded(row.interval_low),
        _rounded(row.interval_high),
        side,
        _rounded(row.own_mean),
        row.skill_count,
    )
    return case((row.derived.is_not(None), said), else_=cast(null(), Text))


def _rounded(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.round(cast(value, Numeric), literal_column("1"))


def _word(standing: Standing) -> ColumnElement[str]:
    return _quoted(standing.value)


def _quoted(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text())
