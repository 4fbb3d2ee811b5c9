"""Everything that is read of people and their organisation; who may not read it gets nothing."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import Uuid

from services.profile.people.models import (
    Assignment,
    OrgUnit,
    Person,
    PersonGrant,
    org_tree,
    reporting_line,
)
from services.profile.people.rules import OrgUnitType, PersonStatus
from services.profile.people.schemas import CARD, PersonRead
from services.profile.policy import POLICY
from shared.paging import PageRequest, page_of
from shared.problems import NotFound
from shared.tenancy import Principal


def readable(principal: Principal) -> ColumnElement[bool]:
    """Persons of whom the principal may read everything."""
    return POLICY.visible(principal, "PERSON", "READ", Person.id)


def listed(principal: Principal) -> ColumnElement[bool]:
    """Persons of whom the principal may read at least the card; who has left is no colleague any more."""
    card = POLICY.visible(principal, "PERSON", "READ_CARD", Person.id)
    return or_(and_(card, Person.status != PersonStatus.TERMINATED), readable(principal))


def among(column: InstrumentedAttribute[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(Uuid)))


def contains(columns: Sequence[Any], text: str | BindParameter[str]) -> ColumnElement[bool]:
    """Case-blind search for a piece of text; `%` and `_` stand for themselves."""
    wanted = func.lower(text)
    return or_(*(func.strpos(func.lower(column), wanted) > 0 for column in columns))


async def person(session: AsyncSession, principal: Principal, person_id: UUID) -> PersonRead:
    """Raises `NotFound`."""
    found = await of_ids(session, principal, [person_id])
    if not found:
        raise NotFound
    return found[0]


async def of_ids(
    session: AsyncSession, principal: Principal, ids: Sequence[UUID]
) -> list[PersonRead]:
    """Those of the persons that the principal may see, in the order of their ids."""
    rows = select(Person).where(listed(principal), among(Person.id, ids)).order_by(Person.id)
    found = await session.scalars(rows, execution_options={"populate_existing": True})
    return await _shown(session, principal, found.all())


async def people(
    session: AsyncSession,
    principal: Principal,
    *,
    search: str | None,
    org_unit_id: UUID | None,
    status: PersonStatus | None,
    page: PageRequest,
) -> tuple[list[PersonRead], UUID | None]:
    """One page; `org_unit_id` takes the units below it in, `status` only those whose status one may know."""
    rows = select(Person).where(listed(principal))
    if search:
        rows = rows.where(
            contains([Person.display_name, Person.preferred_name, Person.role_title], search)
        )
    if org_unit_id:
        rows = rows.where(Person.org_unit_id.in_(units_below(literal(org_unit_id, Uuid))))
    if status:
        rows = rows.where(Person.status == status, readable(principal))
    found, after = await page_of(session, rows, key=Person.id, page=page)
    return await _shown(session, principal, found), after


async def reports(
    session: AsyncSession, principal: Principal, *, person_id: UUID, deepest: int, page: PageRequest
) -> tuple[list[PersonRead], UUID | None]:
    """Those below somebody. Raises `NotFound`."""
    await person(session, principal, person_id)
    below = select(reporting_line.c.descendant_id).where(
        reporting_line.c.ancestor_id == person_id, reporting_line.c.depth.between(1, deepest)
    )
    rows = select(Person).where(Person.id.in_(below), listed(principal))
    found, after = await page_of(session, rows, key=Person.id, page=page)
    return await _shown(session, principal, found), after


def units_below(root: ColumnElement[UUID]) -> Select[UUID]:
    """The unit and all units below it."""
    return select(org_tree.c.descendant_id).where(org_tree.c.ancestor_id == root)


async def _shown(
    session: AsyncSession, principal: Principal, found: Sequence[Person]
) -> list[PersonRead]:
    whole = select(Person.id).where(among(Person.id, [p.id for p in found]), readable(principal))
    full = set(await session.scalars(whole)) if found else set()
    return [
        PersonRead.model_validate(p)
        if p.id in full
        else PersonRead(**{name: getattr(p, name) for name in CARD})
        for p in found
    ]


async def assignments(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[Assignment]:
    """The whole job history as recorded, newest day first. Raises `NotFound`."""
    await person(session, principal, person_id)
    await POLICY.require(session, principal, "ASSIGNMENT", "READ", person_id)
    rows = (
        select(Assignment)
        .where(Assignment.person_id == person_id)
        .order_by(Assignment.valid_from.desc(), Assignment.recorded_at.desc(), Assignment.id.desc())
    )
    return (await session.scalars(rows)).all()


async def grants(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[PersonGrant]:
    """Raises `NotFound`."""
    await POLICY.require(session, principal, "GRANT", "READ", person_id)
    if await session.get(Person, (principal.tenant_id, person_id)) is None:
        raise NotFound
    rows = select(PersonGrant).where(PersonGrant.person_id == person_id).order_by(PersonGrant.id)
    return (await session.scalars(rows)).all()


async def org_unit(session: AsyncSession, principal: Principal, unit_id: UUID) -> OrgUnit:
    """Raises `NotFound`."""
    visible = POLICY.visible(principal, "ORG_UNIT", "READ", OrgUnit.id)
    found = await session.scalar(
        select(OrgUnit).where(OrgUnit.id == unit_id, visible),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found


async def org_units(
    session: AsyncSession,
    principal: Principal,
    *,
    ids: Sequence[UUID],
    parent_id: UUID | None,
    type: OrgUnitType | None,
    page: PageRequest,
) -> tuple[Sequence[OrgUnit], UUID | None]:
    rows = select(OrgUnit).where(POLICY.visible(principal, "ORG_UNIT", "READ", OrgUnit.id))
    if ids:
        rows = rows.where(among(OrgUnit.id, ids))
    if parent_id:
        rows = rows.where(OrgUnit.parent_id == parent_id)
    if type:
        rows = rows.where(OrgUnit.type == type)
    return await page_of(session, rows, key=OrgUnit.id, page=page)
