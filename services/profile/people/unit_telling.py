"""A unit as an HR system tells it; a parent or leader who is not known yet is laid in when they arrive."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import naming, references, units
from services.profile.people.models import OrgUnit
from services.profile.people.rules import OrgUnitType
from services.profile.people.told import UnitTold
from services.profile.rowsets import AnyRow, insert_rows, update_rows
from services.profile.unresolved import commands as unresolved
from services.profile.unresolved.commands import Word, resolves, word_of
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind, Obstacle, Reason
from services.profile.wording import Line
from shared.ids import new_id
from shared.tenancy import Principal

PARENT, LEADER = "parentKey", "leader"
NAME: TypeAdapter[str] = TypeAdapter(Line)


async def apply(session: AsyncSession, principal: Principal, word: Word[UnitTold]) -> None:
    """Makes or changes the unit of that key; its key stands in for a name that was not told."""
    await references.lock(session)
    told = word.told
    try:
        fields = _plain(told)
    except ValidationError:
        await unresolved.keep(session, Kind.ORG_UNIT, word, Obstacle(Reason.INVALID))
        return
    missing: dict[str, Obstacle] = {}
    for part, column, found in await _places(session, told):
        if isinstance(found, UUID):
            fields[column] = found
        else:
            missing[part] = found
    name = (told.system, told.key)
    known = (await naming.units_called(session, [name])).get(name)
    if known and await _is_circular(session, known, fields):
        missing[PARENT] = Obstacle(Reason.CIRCULAR_ORGANISATION)
        del fields["parent_id"]
    if known:
        await _change(session, principal, known, fields)
    else:
        await _make(session, principal, told, fields)
    await _keep_parts(session, word, missing)


@resolves(Kind.ORG_UNIT)
async def resolve(session: AsyncSession, principal: Principal, entry: Unresolved) -> None:
    await apply(session, principal, word_of(entry, UnitTold))


def _plain(told: UnitTold) -> dict[str, Any]:
    """Raises `ValidationError`."""
    fields: dict[str, Any] = {}
    if told.name is not None:
        fields["name"] = NAME.validate_python(told.name)
    kind = (told.unit_type or "").upper()
    if kind in OrgUnitType.__members__:
        fields["type"] = OrgUnitType[kind]
    return fields


async def _places(session: AsyncSession, told: UnitTold) -> list[tuple[str, str, UUID | Obstacle]]:
    places: list[tuple[str, str, UUID | Obstacle]] = []
    if told.parent_key:
        unit = await references.unit(session, told.system, told.parent_key)
        places.append((PARENT, "parent_id", unit))
    if told.leader:
        match = await references.find(session, told.system, told.leader)
        found = match.person.id if match.person else match.obstacle
        assert found is not None
        places.append((LEADER, "leader_id", found))
    return places


async def _is_circular(session: AsyncSession, unit_id: UUID, fields: dict[str, Any]) -> bool:
    parent = fields.get("parent_id")
    return bool(parent and await units.circular_moves(session, {unit_id: parent}))


async def _make(
    session: AsyncSession, principal: Principal, told: UnitTold, fields: dict[str, Any]
) -> None:
    blank = {"name": told.key, "type": OrgUnitType.TEAM, "parent_id": None, "leader_id": None}
    unit_id = new_id()
    await insert_rows(session, OrgUnit, [blank | fields | {"id": unit_id, "sequence": 1}])
    await naming.name_units(session, {(told.system, told.key): unit_id})
    await units.placed(session, principal, changed=[unit_id], moved=[unit_id])


async def _change(
    session: AsyncSession, principal: Principal, unit_id: UUID, fields: dict[str, Any]
) -> None:
    before: AnyRow = (
        await session.execute(select(OrgUnit.__table__).where(OrgUnit.id == unit_id))
    ).one()
    changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
    if not changed:
        return
    row = {"id": unit_id, **changed, "sequence": before.sequence + 1}
    await update_rows(session, OrgUnit, [row])
    moved = [unit_id] if "parent_id" in changed else []
    await units.placed(session, principal, changed=[unit_id], moved=moved)


async def _keep_parts(
    session: AsyncSession, word: Word[UnitTold], missing: dict[str, Obstacle]
) -> None:
    said = unresolved.wire(word.told)
    for part, obstacle in missing.items():
        fact = {name: said[name] for name in ("system", "saidAt", "key", part)}
        await unresolved.keep(session, Kind.ORG_UNIT, word, obstacle, part=part, fact=fact)
    done = [part for part in (PARENT, LEADER) if part in said and part not in missing]
    await unresolved.let_go(session, Kind.ORG_UNIT, word.subject, parts=["", *done])
