"""Names in other systems: what a bulk door's keys stand for."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import events
from services.profile.people.models import ExternalIdentifier, Person
from services.profile.people.rules import UNIT, WORKER, PersonStatus
from services.profile.rowsets import AnyRow, insert_rows, rowset
from shared.ids import new_id

Name = tuple[str, str]
"""A system and the key that it uses."""


async def people_called(session: AsyncSession, names: Iterable[Name]) -> dict[Name, AnyRow]:
    """The person's whole row for each name that is known."""
    given = _given(names, WORKER)
    rows = await session.execute(
        select(ExternalIdentifier.system, ExternalIdentifier.value, Person.__table__)
        .join(Person, Person.id == ExternalIdentifier.person_id)
        .join(given, _same(given))
    )
    return {(row[0], row[1]): row for row in rows}


async def units_called(session: AsyncSession, names: Iterable[Name]) -> dict[Name, UUID]:
    given = _given(names, UNIT)
    rows = await session.execute(
        select(
            ExternalIdentifier.system, ExternalIdentifier.value, ExternalIdentifier.org_unit_id
        ).join(given, _same(given))
    )
    return {(row.system, row.value): row.org_unit_id for row in rows}


async def name_people(session: AsyncSession, ids: Mapping[Name, UUID]) -> None:
    await insert_rows(
        session,
        ExternalIdentifier,
        [_identifier(name, WORKER) | {"person_id": each} for name, each in ids.items()],
    )


async def name_units(session: AsyncSession, ids: Mapping[Name, UUID]) -> None:
    await insert_rows(
        session,
        ExternalIdentifier,
        [_identifier(name, UNIT) | {"org_unit_id": each} for name, each in ids.items()],
    )


async def announce_people(
    session: AsyncSession, names: Iterable[Name]
) -> dict[UUID, list[type[events.PersonFact]]]:
    """Placeholders for persons of whom nothing is known but what a system calls them; answers what to tell of them."""
    ids = {name: new_id() for name in names}
    rows = [placeholder(each, name) for name, each in ids.items()]
    await insert_rows(session, Person, rows)
    await name_people(session, ids)
    return {each: [events.PersonRegistered] for each in ids.values()}


def placeholder(person_id: UUID, name: Name) -> dict[str, Any]:
    """The key stands in for the name until the person arrives; the sequence of 0 says that nothing is told yet."""
    return {
        "id": person_id,
        "display_name": name[1],
        "status": PersonStatus.PENDING,
        "sequence": 0,
    }


def _identifier(name: Name, type: str) -> dict[str, Any]:
    return {"id": new_id(), "system": name[0], "type": type, "value": name[1]}


def _given(names: Iterable[Name], type: str) -> Any:
    table = ExternalIdentifier.__table__
    rows = [{"system": system, "type": type, "value": key} for system, key in dict.fromkeys(names)]
    return rowset([table.c.system, table.c.type, table.c.value], rows)


def _same(given: Any) -> Any:
    return (
        (ExternalIdentifier.system == given.c.system)
        & (ExternalIdentifier.type == given.c.type)
        & (ExternalIdentifier.value == given.c.value)
    )
