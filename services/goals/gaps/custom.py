"""The gap against what somebody lists, no role's requirements: skills, experience, credentials."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from services.goals.gaps import demands, engine, records
from services.goals.gaps.dated import Moment

NOTHING: ColumnElement[Any] = literal_column("'[]'::jsonb", JSONB())


class Wanted(NamedTuple):
    """JSON arrays as in a role's version, on the wire's names."""

    skills: ColumnElement[Any]
    experience: ColumnElement[Any] = NOTHING
    credentials: ColumnElement[Any] = NOTHING


def summaries(
    wanted: Wanted, as_of: ColumnElement[date], moment: Moment | None = None
) -> FromClause:
    """As `engine.summaries`, and beside each person the records that are wanted of them."""
    gap = engine.summaries(demands.of_profile(wanted.skills), as_of, moment)
    experience = wanted.experience.label(records.EXPERIENCE)
    return select(gap, experience, wanted.credentials.label(records.CREDENTIALS)).subquery("gap")
