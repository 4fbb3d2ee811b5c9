"""Writes what an HR system says of a person's positions, and what follows from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import assigning, events, naming, standing
from services.profile.people.history import Entry, in_force, laid, merged
from services.profile.people.models import Assignment, Person
from services.profile.people.naming import Name
from services.profile.people.problems import CircularReporting
from services.profile.people.rules import ChangeReason, PersonStatus
from services.profile.rowsets import AnyRow, insert_rows, update_rows
from shared import clock
from shared.ids import new_id
from shared.tenancy import Principal


async def lay(
    session: AsyncSession,
    principal: Principal,
    person: AnyRow,
    *,
    day: date,
    patch: Mapping[str, Any],
    reason: ChangeReason | None,
) -> None:
    """Records the word as assignments. Raises `CircularReporting`, and has written nothing then. Locked."""
    history = await _history(session, person.id)
    left = person.status is PersonStatus.TERMINATED
    ends = person.termination_date if left else None
    entries = laid(history, day=day, patch=patch, reason=reason, ends=ends)
    if not entries:
        return
    after = merged(history, entries)
    await _refuse_circles(session, person, after, entries)
    await insert_rows(session, Assignment, [_row(person.id, entry) for entry in entries])
    await assigning.plan_due(session, principal, [entry.begins for entry in entries])
    told: list[type[events.PersonFact]] = []
    if left and await _keep_last(session, person, after):
        told = [events.PersonUpdated]
    await standing.settle(
        session, principal, told={person.id: told}, today=clock.today(), refuse_circles=False
    )


async def attach(session: AsyncSession, principal: Principal, person_id: UUID, name: Name) -> None:
    """The system's own name for somebody who was found by their work e-mail."""
    await naming.name_people(session, {name: person_id})
    told = {person_id: [events.PersonUpdated]}
    await standing.settle(session, principal, told=told, today=clock.today(), refuse_circles=False)


async def _history(session: AsyncSession, person_id: UUID) -> list[Entry]:
    rows = await session.execute(
        select(Assignment.__table__)
        .where(Assignment.person_id == person_id, Assignment.is_primary)
        .order_by(Assignment.valid_from, Assignment.recorded_at, Assignment.id)
    )
    last = {row.valid_from: row for row in rows}
    return [
        Entry(
            begins=row.valid_from,
            ends=row.valid_to,
            position=standing.position_of(row),
            inherited=frozenset(row.inherited or ()),
            reason=row.change_reason,
        )
        for row in last.values()
    ]


async def _refuse_circles(
    session: AsyncSession, person: AnyRow, after: list[Entry], entries: list[Entry]
) -> None:
    """What is in force today and what is to come is held against the tree of today."""
    today = clock.today()
    now = in_force(after, today)
    coming = [entry for entry in entries if entry.begins > today]
    managers = {entry.position.manager_id for entry in ([now] if now else []) + coming}
    if person.status is PersonStatus.TERMINATED:
        return
    for manager_id in managers - {None, person.manager_id}:
        if await standing.circular_moves(session, {person.id: manager_id}):
            raise CircularReporting("managerId: this manager reports to the person.")


async def _keep_last(session: AsyncSession, person: AnyRow, after: list[Entry]) -> bool:
    """Who has left keeps the last position but for the manager: a word about that time may change which."""
    before = [entry for entry in after if entry.begins < person.termination_date]
    last = {name: getattr(before[-1].position, name) for name in standing.POSITION[1:]}
    last["assignment_since"] = before[-1].begins
    changed = {name: value for name, value in last.items() if getattr(person, name) != value}
    await update_rows(session, Person, [{"id": person.id, **changed}] if changed else [])
    return bool(changed)


def _row(person_id: UUID, entry: Entry) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        **{name: getattr(entry.position, name) for name in standing.POSITION},
        "inherited": sorted(entry.inherited),
        "is_primary": True,
        "change_reason": entry.reason,
        "valid_from": entry.begins,
        "valid_to": entry.ends,
        "recorded_at": clock.now(),
    }
