"""A person's career in one order: positions, what they did elsewhere, what they earned. Learning stays in goals."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Subquery,
    Table,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from services.profile.credentials.models import Credential
from services.profile.experience.models import Experience
from services.profile.experience.queries import readable
from services.profile.experience.rules import TimelinePart
from services.profile.experience.schemas import TimelineEntry
from services.profile.people import queries as people
from services.profile.people.models import Assignment, OrgUnit, Person
from services.profile.policy import POLICY
from shared.tenancy import Principal

PARTS = {
    TimelinePart.ROLE: "role_title",
    TimelinePart.LEVEL: "level",
    TimelinePart.MANAGER: "manager_name",
    TimelinePart.ORG_UNIT: "unit_name",
    TimelinePart.EMPLOYMENT_TYPE: "employment_type",
}
"""What may change from one position to the next, and the column that shows it."""

_SAME = ("role_id", "role_code", "role_title", "level", "manager_id", "org_unit_id")
_NOTHING = literal_column("CAST('[]' AS jsonb)", JSONB)
_DAY: ColumnElement[int] = literal_column("1", Integer())


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> list[TimelineEntry]:
    """The whole career as far as you may see it, oldest first. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    rows = entries(principal)
    found = await session.execute(
        select(rows).where(rows.c.person_id == person_id).order_by(rows.c.starts_on, rows.c.id)
    )
    return [TimelineEntry.model_validate(row) for row in found]


def entries(principal: Principal) -> FromClause:
    """One row an entry, with what the principal may see of it; `ends_on` is the last day."""
    parts = (_positions(principal), _records(principal), _credentials(principal))
    return union_all(*parts).subquery()


def _positions(principal: Principal) -> Select[Any]:
    row = _turns()
    may_see = POLICY.visible(principal, "ASSIGNMENT", "READ", row.c.person_id)
    return select(
        row.c.id,
        row.c.person_id,
        _text("'ASSIGNMENT'").label("kind"),
        row.c.role_title.label("title"),
        row.c.unit_name.label("organisation"),
        row.c.valid_from.label("starts_on"),
        cast(row.c.until - _DAY, Date).label("ends_on"),
        row.c.level,
        cast(row.c.change_reason, Text).label("reason"),
        _changes(row.c).label("changes"),
        cast(null(), Uuid).label("experience_id"),
        cast(null(), Uuid).label("credential_id"),
    ).where(row.c.turns, may_see)


def _records(principal: Principal) -> Select[Any]:
    row = _table(Experience).c
    return select(
        row.id,
        row.person_id,
        _text("'EXPERIENCE'"),
        row.title,
        row.organisation,
        row.started_on,
        row.ended_on,
        cast(null(), Text),
        cast(row.type, Text),
        _NOTHING,
        row.id,
        cast(null(), Uuid),
    ).where(row.withdrawn_at.is_(None), readable(principal, row))


def _credentials(principal: Principal) -> Select[Any]:
    row = _table(Credential).c
    recorded_on = cast(func.timezone("UTC", row.recorded_at), Date)
    void_on = func.least(row.expires_on, row.revoked_on)
    return select(
        row.id,
        row.person_id,
        _text("'CREDENTIAL'"),
        row.name,
        row.issuer,
        func.coalesce(row.issued_on, recorded_on),
        cast(void_on - _DAY, Date),
        cast(null(), Text),
        cast(row.type, Text),
        _NOTHING,
        cast(null(), Uuid),
        row.id,
    ).where(POLICY.visible(principal, "CREDENTIAL", "READ", row.person_id))


def _turns() -> Subquery:
    """The primary assignments that hold, with the one before each; `turns` where something is not as it was.

    A word that says the same once more only carries its predecessor on: `until` is the first day after all of them.
    """
    day = _before()
    row = day.c
    differs = [row[name].is_distinct_from(row[f"before_{name}"]) for name in _SAME]
    kind = row.employment_type.is_distinct_from(row.before_employment_type)
    gap = row.before_until.is_distinct_from(row.valid_from)
    marked = select(*row, or_(gap, kind, *differs).label("turns")).subquery()
    stretch = func.count().filter(marked.c.turns)
    numbered = select(
        *marked.c,
        stretch.over(partition_by=marked.c.person_id, order_by=marked.c.valid_from).label("nth"),
    ).subquery()
    last = func.last_value(numbered.c.own_until).over(
        partition_by=[numbered.c.person_id, numbered.c.nth],
        order_by=numbered.c.valid_from,
        rows=(None, None),
    )
    return select(*numbered.c, last.label("until")).subquery()


def _before() -> Subquery:
    """Each day's position with names, and what held before it."""
    day = _of_days()
    row = day.c
    along: dict[str, Any] = {"partition_by": row.person_id, "order_by": row.valid_from}
    own_until = func.least(row.valid_to, func.lead(row.valid_from).over(**along))
    whole = select(*row, own_until.label("own_until")).subquery()
    along = {"partition_by": whole.c.person_id, "order_by": whole.c.valid_from}
    carried = (*_SAME, "employment_type", "manager_name", "unit_name")
    lags = [func.lag(whole.c[name]).over(**along).label(f"before_{name}") for name in carried]
    until = func.lag(whole.c.own_until).over(**along).label("before_until")
    begun = func.lag(whole.c.valid_from).over(**along).label("before_valid_from")
    return select(*whole.c, *lags, until, begun).subquery()


def _of_days() -> Subquery:
    """Of the assignments of one day the last recorded one holds."""
    held = _table(Assignment)
    newest = (
        select(*held.c)
        .where(held.c.is_primary)
        .ext(distinct_on(held.c.person_id, held.c.valid_from))
        .order_by(held.c.person_id, held.c.valid_from, held.c.recorded_at.desc(), held.c.id.desc())
        .subquery()
    )
    manager, unit = _table(Person).alias(), _table(OrgUnit)
    by_manager = and_(
        manager.c.tenant_id == newest.c.tenant_id, manager.c.id == newest.c.manager_id
    )
    by_unit = and_(unit.c.tenant_id == newest.c.tenant_id, unit.c.id == newest.c.org_unit_id)
    names = (manager.c.display_name.label("manager_name"), unit.c.name.label("unit_name"))
    return (
        select(*newest.c, *names)
        .select_from(newest.outerjoin(manager, by_manager).outerjoin(unit, by_unit))
        .subquery()
    )


def _changes(row: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[Any]:
    """What is not as before; at the beginning of a history there is nothing before."""
    found: ColumnElement[Any] = _NOTHING
    for part, name in PARTS.items():
        before, after = cast(row[f"before_{name}"], Text), cast(row[name], Text)
        told = func.jsonb_build_object(
            _text("'part'"),
            _text(f"'{part}'"),
            _text("'before'"),
            before,
            _text("'after'"),
            after,
        )
        one = case((before.is_distinct_from(after), func.jsonb_build_array(told)), else_=_NOTHING)
        found = found.op("||", return_type=JSONB())(one)
    return case((row.before_valid_from.is_(None), _NOTHING), else_=found)


def _text(spelled: str) -> ColumnElement[str]:
    return literal_column(spelled, Text())


def _table(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
