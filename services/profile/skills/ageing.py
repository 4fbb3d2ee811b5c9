"""Estimates as of today, in SQL: the level stays, mass and interval age (see `estimation`)."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Double, case, func, literal_column, null

from services.profile.skills.estimation import DAYS_A_MONTH, EPSILON, QUANTILE

TODAY: ColumnElement[date] = literal_column("CAST(now() AT TIME ZONE 'UTC' AS date)")


def left_over(stored: Any) -> ColumnElement[float]:
    """What the days since the estimate was made have left of its mass, from 0 to 1."""
    days = func.greatest(TODAY - stored.as_of, 0)
    halvings = days / (number(DAYS_A_MONTH) * stored.half_life_months)
    factor: ColumnElement[float] = func.power(number(0.5), halvings, type_=Double)
    return factor


def interval_ends(stored: Any) -> tuple[ColumnElement[float], ColumnElement[float]]:
    """The lower and the upper end of the 90 % interval today; NULL where there is no level, not the whole scale."""
    mass = stored.mass * left_over(stored)
    reach = number(QUANTILE) * func.sqrt(stored.variance / (mass + number(EPSILON)))
    return (
        _of_level(stored, func.greatest(stored.level - reach, number(0.0), type_=Double)),
        _of_level(stored, func.least(stored.level + reach, number(5.0), type_=Double)),
    )


def _of_level(stored: Any, end: ColumnElement[float]) -> ColumnElement[float]:
    return case((stored.level.is_not(None), end), else_=null())


def number(value: float) -> ColumnElement[float]:
    return literal_column(f"CAST({value!r} AS double precision)", Double)
