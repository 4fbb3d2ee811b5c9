"""Until when a result holds, and taking its instrument again once it does not any more.

Nothing of it is stored but the last day: whether that has passed is asked of the clock whenever a result is read. A
retake is offered to the person alone, and not where a newer result of the same instrument still holds.
"""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import registry
from services.profile.assessments.models import AssessmentResult, AssessmentSession
from services.profile.assessments.queries import TODAY
from services.profile.rowsets import AnyRow
from shared import clock

_RESULTS = AssessmentResult.metadata.tables[AssessmentResult.__tablename__]
_SESSIONS = AssessmentSession.metadata.tables[AssessmentSession.__tablename__]
_ME = func.current_setting(literal_column("'app.person'"), literal_column("true"))


def results(today: ColumnElement[date] = TODAY) -> FromClause:
    """All results, each with `outdated` and, where a retake is offered, `retake_instrument_id` and `retake_on`."""
    row = _RESULTS
    outdated = func.coalesce(row.c.valid_until < today, false())
    is_own = cast(row.c.person_id, Text()) == _ME
    offered = and_(outdated, is_own, ~_renewed(row, today))
    again = _again(row, today).limit(1)
    return select(
        *row.c,
        outdated.label("outdated"),
        case((offered, _only(again, row, "id"))).label("retake_instrument_id"),
        case((offered, _only(again, row, "day"))).label("retake_on"),
    ).subquery()


async def of(session: AsyncSession, result_ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """By the clock's today, for results that the caller has been shown."""
    seen = results(literal(clock.today(), Date()))
    names = ("id", "outdated", "retake_instrument_id", "retake_on")
    wanted = select(*(seen.c[name] for name in names)).where(seen.c.id.in_(result_ids))
    return {row.id: row for row in await session.execute(wanted)}


def _renewed(row: FromClause, today: ColumnElement[date]) -> ColumnElement[bool]:
    newer = _RESULTS.alias("newer")
    return exists().where(
        newer.c.person_id == row.c.person_id,
        newer.c.code == row.c.code,
        newer.c.id != row.c.id,
        newer.c.taken_on > row.c.taken_on,
        or_(newer.c.valid_until.is_(None), newer.c.valid_until >= today),
    )


def _again(row: FromClause, today: ColumnElement[date]) -> Select[tuple[UUID, date]]:
    """What can be begun today or when the cool-down is over: the newest version in the language that was taken."""
    taken, was, now = _SESSIONS.alias("taken"), registry.takeable(), registry.takeable()
    earlier = _SESSIONS.alias("earlier")
    last = select(func.max(earlier.c.scored_on)).where(
        earlier.c.person_id == row.c.person_id, earlier.c.code == taken.c.code
    )
    free = last.correlate(row, taken).scalar_subquery() + now.c.cool_down_days
    return (
        select(now.c.id, func.greatest(today, free, type_=Date()).label("day"))
        .select_from(taken)
        .join(was, was.c.id == taken.c.instrument_id)
        .join(now, and_(now.c.code == was.c.code, now.c.locale == was.c.locale, now.c.open))
        .where(taken.c.id == row.c.session_id)
        .order_by(now.c.version.desc())
    )


def _only(
    again: Select[tuple[UUID, date]], row: FromClause, name: str
) -> ColumnElement[UUID | date]:
    found = again.selected_columns[name]
    return again.with_only_columns(found).correlate(row).scalar_subquery()
