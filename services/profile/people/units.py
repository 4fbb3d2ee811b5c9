"""Units of the organisation and where they hang in it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import events, standing
from services.profile.people.models import OrgUnit, Person, org_tree
from services.profile.people.problems import CircularOrganisation, UnknownOrgUnit, UnknownPerson
from services.profile.people.rules import circular
from services.profile.people.schemas import OrgUnitCreate, OrgUnitUpdate
from services.profile.policy import POLICY
from services.profile.rowsets import insert_rows, update_rows
from shared import trees
from shared.ids import new_id
from shared.problems import NotFound, PreconditionFailed
from shared.tenancy import Principal


async def create(session: AsyncSession, principal: Principal, *, new: OrgUnitCreate) -> UUID:
    """Raises `Forbidden`, `UnknownOrgUnit`, `UnknownPerson`."""
    await allow(session, principal)
    await trees.lock(session, org_tree)
    await _refuse_unknown(session, new.parent_id, new.leader_id)
    unit_id = new_id()
    await insert_rows(session, OrgUnit, [{"id": unit_id, **new.model_dump(), "sequence": 1}])
    await placed(session, principal, changed=[unit_id], moved=[unit_id])
    return unit_id


async def update(
    session: AsyncSession,
    principal: Principal,
    *,
    unit_id: UUID,
    expected: int,
    changes: OrgUnitUpdate,
) -> None:
    """Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `CircularOrganisation`, `UnknownOrgUnit`, …"""
    await trees.lock(session, org_tree)
    rows = await session.execute(select(OrgUnit.__table__).where(OrgUnit.id == unit_id))
    unit = rows.mappings().one_or_none()
    if unit is None:
        raise NotFound
    await allow(session, principal)
    if unit["sequence"] != expected:
        raise PreconditionFailed("Somebody changed this unit in the meantime. Read it again.")
    fields = changes.model_dump(include=changes.model_fields_set)
    await _refuse_unknown(session, fields.get("parent_id"), fields.get("leader_id"))
    changed = {name: value for name, value in fields.items() if unit[name] != value}
    if not changed:
        return
    if changed.get("parent_id") and await circular_moves(session, {unit_id: changed["parent_id"]}):
        raise CircularOrganisation("/parentId: choose a unit that does not lie below this one.")
    row = {"id": unit_id, **changed, "sequence": expected + 1}
    await update_rows(session, OrgUnit, [row])
    moved = [unit_id] if "parent_id" in changed else []
    await placed(session, principal, changed=[unit_id], moved=moved)


async def allow(session: AsyncSession, principal: Principal) -> None:
    """Raises `Forbidden`, or `NotFound` for who may not even read units."""
    await POLICY.require(session, principal, "ORG_UNIT", "WRITE", None)


async def circular_moves(
    session: AsyncSession, wanted: Mapping[UUID, UUID | None], *, new: Collection[UUID] = ()
) -> set[UUID]:
    """Those units whose new parent would lie below them, or would not be made; the tree is locked."""
    concerned = [*wanted, *(parent for parent in wanted.values() if parent)]
    above = standing.ancestors(org_tree, concerned)
    rows = await session.execute(select(OrgUnit.id, OrgUnit.parent_id).where(OrgUnit.id == above))
    return circular({row.id: row.parent_id for row in rows}, wanted, new=new)


async def placed(
    session: AsyncSession, principal: Principal, *, changed: Sequence[UUID], moved: Sequence[UUID]
) -> None:
    """Rewrites the paths of the moved units and publishes the changed ones."""
    if moved:
        table = OrgUnit.__table__
        assert isinstance(table, Table)
        await trees.refresh(session, org_tree, table, parent="parent_id", changed=moved)
    await events.tell_units(session, principal, changed)


async def _refuse_unknown(
    session: AsyncSession, parent_id: UUID | None, leader_id: UUID | None
) -> None:
    def missing(model: type[Any], row_id: UUID) -> Any:
        return select(model.id).where(model.id == row_id)

    if parent_id and not await session.scalar(missing(OrgUnit, parent_id)):
        raise UnknownOrgUnit("/parentId: there is no such unit")
    if leader_id and not await session.scalar(missing(Person, leader_id)):
        raise UnknownPerson("/leaderId: there is no such person")
