"""The bulk doors of units and grants."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import events, naming, standing, units
from services.profile.people.models import OrgUnit, PersonGrant, org_tree
from services.profile.people.naming import Name
from services.profile.people.problems import (
    CircularOrganisation,
    GrantToOneself,
    RepeatedLine,
    UnknownOrgUnit,
    UnknownPerson,
)
from services.profile.people.queries import among
from services.profile.people.schemas import GrantRow, OrgUnitRow
from services.profile.rowsets import insert_rows, update_rows
from shared import clock, trees
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.tenancy import Principal

Units = list[tuple[Line[OrgUnitRow], UUID]]


async def apply_units(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[OrgUnitRow]]
) -> None:
    """Settles or refuses each line; a leader may arrive later. Refusals: unknown-org-unit, circular-organisation, …"""
    await trees.lock(session, org_tree)
    await standing.lock(session)
    names = [name for line in lines for name in _unit_names(line.row)]
    ids = await naming.units_called(session, names)
    known = await _units(session, list(ids.values()))
    planned = _with_parents(lines, ids)
    leaders = await _leaders(session, principal, [line.row for line, _ in planned])
    wanted = {
        unit_id: _fields(line.row, known.get(unit_id), ids, leaders) for line, unit_id in planned
    }
    planned = await _without_circles(session, planned, wanted, known)
    await _write(session, principal, planned, wanted, known)


def _unit_names(row: OrgUnitRow) -> list[Name]:
    return [(row.system, key) for key in (row.key, row.parent_key) if key]


async def _units(session: AsyncSession, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = await session.execute(select(OrgUnit.__table__).where(among(OrgUnit.id, ids)))
    return {row["id"]: dict(row) for row in rows.mappings()}


def _with_parents(lines: Sequence[Line[OrgUnitRow]], ids: dict[Name, UUID]) -> Units:
    """Refuses repeated lines and those below a unit that is neither known nor made here; names the rest."""
    distinct: dict[Name, Line[OrgUnitRow]] = {}
    for line in lines:
        name = (line.row.system, line.row.key)
        if name in distinct:
            line.refuse(RepeatedLine("key: send each unit once a request."))
        else:
            distinct[name] = line
    while True:
        orphans = [
            name
            for name, line in distinct.items()
            if (parent := line.row.parent_key)
            and (line.row.system, parent) not in ids
            and (line.row.system, parent) not in distinct
        ]
        if not orphans:
            break
        for name in orphans:
            distinct.pop(name).refuse(UnknownOrgUnit("parentKey: import that unit first."))
    for name in distinct:
        ids.setdefault(name, new_id())
    return [(line, ids[name]) for name, line in distinct.items()]


async def _leaders(
    session: AsyncSession, principal: Principal, rows: Sequence[OrgUnitRow]
) -> dict[Name, UUID]:
    names = [(row.system, row.leader_key) for row in rows if row.leader_key]
    found = {name: row.id for name, row in (await naming.people_called(session, names)).items()}
    missing = [name for name in dict.fromkeys(names) if name not in found]
    if missing:
        told = await naming.announce_people(session, missing)
        await standing.settle(session, principal, told=told, today=clock.today())
        found |= dict(zip(missing, told, strict=True))
    return found


def _fields(
    row: OrgUnitRow,
    before: dict[str, Any] | None,
    ids: dict[Name, UUID],
    leaders: dict[Name, UUID],
) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": row.name, "type": row.type}
    old = before or {"parent_id": None, "leader_id": None}
    for member, column, found in (
        ("parent_key", "parent_id", ids),
        ("leader_key", "leader_id", leaders),
    ):
        key = getattr(row, member)
        if member in row.model_fields_set:
            fields[column] = found[row.system, key] if key else None
        else:
            fields[column] = old[column]
    return fields


async def _without_circles(
    session: AsyncSession,
    planned: Units,
    wanted: dict[UUID, dict[str, Any]],
    known: dict[UUID, dict[str, Any]],
) -> Units:
    moves = {
        unit_id: wanted[unit_id]["parent_id"]
        for _, unit_id in planned
        if unit_id not in known or wanted[unit_id]["parent_id"] != known[unit_id]["parent_id"]
    }
    new = moves.keys() - known.keys()
    refused = await units.circular_moves(session, moves, new=new)
    for line, unit_id in planned:
        if unit_id in refused:
            line.refuse(
                CircularOrganisation("parentKey: that unit lies below this one, or is refused.")
            )
    return [(line, unit_id) for line, unit_id in planned if unit_id not in refused]


async def _write(
    session: AsyncSession,
    principal: Principal,
    planned: Units,
    wanted: dict[UUID, dict[str, Any]],
    known: dict[UUID, dict[str, Any]],
) -> None:
    changed, moved, names = [], [], {}
    for line, unit_id in planned:
        before, after = known.get(unit_id), wanted[unit_id]
        same = before is not None and all(before[name] == after[name] for name in after)
        verdict = Verdict.CREATED if before is None else Verdict.CHANGED
        line.settle(Verdict.UNCHANGED if same else verdict, unit_id)
        if before is None:
            names[line.row.system, line.row.key] = unit_id
        if before is None or before["parent_id"] != after["parent_id"]:
            moved.append(unit_id)
        if not same:
            changed.append(unit_id)
    rows = [{"id": each, **wanted[each], "sequence": 1} for each in names.values()]
    await insert_rows(session, OrgUnit, rows)
    await naming.name_units(session, names)
    await update_rows(
        session,
        OrgUnit,
        [
            {"id": each, **wanted[each], "sequence": known[each]["sequence"] + 1}
            for each in changed
            if each in known
        ],
    )
    if changed:
        await units.placed(session, principal, changed=changed, moved=moved)


async def apply_grants(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[GrantRow]]
) -> None:
    """Settles or refuses each line. Refusals: unknown-person, unknown-org-unit, grant-to-oneself."""
    await standing.lock(session)
    people = await naming.people_called(session, [(ln.row.system, ln.row.key) for ln in lines])
    unit_ids = await naming.units_called(
        session, [(ln.row.system, ln.row.org_unit_key) for ln in lines if ln.row.org_unit_key]
    )
    rows = await session.execute(
        select(PersonGrant.__table__).where(
            among(PersonGrant.person_id, [person.id for person in people.values()])
        )
    )
    known = {(row.person_id, row.role, row.org_unit_id): row.id for row in rows}
    new = []
    for line in lines:
        person = people.get((line.row.system, line.row.key))
        unit_key = line.row.org_unit_key
        if person is None:
            line.refuse(UnknownPerson("key: import the person first."))
        elif unit_key and (line.row.system, unit_key) not in unit_ids:
            line.refuse(UnknownOrgUnit("orgUnitKey: import the unit first."))
        elif person.id == principal.person_id:
            line.refuse(GrantToOneself("Ask another administrator."))
        else:
            unit_id = unit_ids[line.row.system, unit_key] if unit_key else None
            grant = (person.id, line.row.role, unit_id)
            verdict = Verdict.UNCHANGED if grant in known else Verdict.CREATED
            if grant not in known:
                known[grant] = new_id()
                new.append(_grant_row(known[grant], *grant))
            line.settle(verdict, known[grant])
    await insert_rows(session, PersonGrant, new)
    told = {row["person_id"]: [events.PersonUpdated] for row in new}
    await standing.settle(session, principal, told=told, today=clock.today())


def _grant_row(grant_id: UUID, person_id: UUID, role: str, unit_id: UUID | None) -> dict[str, Any]:
    return {
        "id": grant_id,
        "person_id": person_id,
        "role": role,
        "org_unit_id": unit_id,
        "granted_at": clock.now(),
    }
