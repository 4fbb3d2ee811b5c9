"""Keeping contacts and interactions."""

from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.network import events, queries, texts
from services.profile.network.models import Contact, Interaction
from services.profile.network.schemas import (
    ContactCreate,
    ContactUpdate,
    InteractionCreate,
    InteractionUpdate,
)
from services.profile.people.models import Person
from services.profile.people.queries import listed
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, Invalid, PreconditionFailed
from shared.tenancy import Principal


def owner(principal: Principal) -> UUID:
    """Raises `Forbidden`."""
    if principal.person_id is None:
        raise Forbidden("Networks belong to people: sign in as somebody who works here.")
    return principal.person_id


async def add_contact(
    session: AsyncSession, principal: Principal, *, new: ContactCreate
) -> Contact:
    """Raises `Forbidden`, `Invalid`."""
    owner_id, contact_id = owner(principal), new_id()
    if new.contact_person_id is not None:
        await check_colleague(session, principal, new.contact_person_id, "/contactPersonId")
    row = Contact(
        id=contact_id,
        owner_id=owner_id,
        contact_person_id=new.contact_person_id,
        relation=new.relation,
        added_at=clock.now(),
        **await _sealed(session, owner_id, contact_id, new, queries.CONTACT_TEXTS),
    )
    session.add(row)
    await session.flush()
    return row


async def update_contact(
    session: AsyncSession,
    principal: Principal,
    *,
    contact_id: UUID,
    expected_version: int,
    change: ContactUpdate,
) -> Contact:
    """Raises `NotFound`, `PreconditionFailed`."""
    row = await queries.contact(session, principal, contact_id, locked=True)
    _check_version(row, expected_version)
    await _apply(session, row, change, queries.CONTACT_TEXTS)
    return row


async def remove_contact(session: AsyncSession, principal: Principal, *, contact_id: UUID) -> None:
    """And what was talked about with them. Raises `NotFound`."""
    row = await queries.contact(session, principal, contact_id, locked=True)
    talks = queries.own(principal, Interaction).where(Interaction.contact_id == contact_id)
    found = (await session.scalars(talks.with_for_update())).all()
    await events.tell_removed(session, principal, found)
    await session.delete(row)
    await session.flush()


async def record_interaction(
    session: AsyncSession, principal: Principal, *, contact_id: UUID, new: InteractionCreate
) -> Interaction:
    """Raises `NotFound`."""
    contact = await queries.contact(session, principal, contact_id)
    interaction_id = new_id()
    row = Interaction(
        id=interaction_id,
        owner_id=contact.owner_id,
        contact_id=contact.id,
        purpose=new.purpose,
        held_on=new.held_on,
        follow_up_on=new.follow_up_on,
        recorded_at=clock.now(),
        **await _sealed(session, contact.owner_id, interaction_id, new, queries.INTERACTION_TEXTS),
    )
    session.add(row)
    await session.flush()
    await events.tell_follow_up(session, principal, row, before=None)
    return row


async def update_interaction(
    session: AsyncSession,
    principal: Principal,
    *,
    interaction_id: UUID,
    expected_version: int,
    change: InteractionUpdate,
) -> Interaction:
    """Raises `NotFound`, `PreconditionFailed`."""
    row = await queries.interaction(session, principal, interaction_id, locked=True)
    _check_version(row, expected_version)
    before = events.waits_until(row)
    if change.followed_up is not None:
        row.followed_up_at = clock.now() if change.followed_up else None
    await _apply(session, row, change, queries.INTERACTION_TEXTS, but={"followed_up"})
    await events.tell_follow_up(session, principal, row, before=before)
    return row


async def remove_interaction(
    session: AsyncSession, principal: Principal, *, interaction_id: UUID
) -> None:
    """Raises `NotFound`."""
    row = await queries.interaction(session, principal, interaction_id, locked=True)
    await events.tell_removed(session, principal, [row])
    await session.delete(row)
    await session.flush()


async def check_colleague(
    session: AsyncSession, principal: Principal, person_id: UUID, pointer: str
) -> None:
    """Raises `Invalid` for oneself and for who does not work here."""
    if person_id == principal.person_id:
        raise Invalid.field(pointer, "name somebody else")
    works = select(Person.id).where(Person.id == person_id, listed(principal))
    if await session.scalar(works) is None:
        raise Invalid.field(pointer, "nobody who works here has this id")


async def _apply(
    session: AsyncSession,
    row: Any,
    change: Any,
    names: tuple[str, ...],
    but: AbstractSet[str] = frozenset(),
) -> None:
    given = change.model_dump(exclude_unset=True, exclude=but)
    said = {name: given.pop(name) for name in names if name in given}
    for name, value in (given | await texts.sealed(session, row.owner_id, row.id, said)).items():
        setattr(row, name, value)
    await session.flush()


async def _sealed(
    session: AsyncSession, owner_id: UUID, row_id: UUID, new: Any, names: tuple[str, ...]
) -> dict[str, bytes | None]:
    said = {name: getattr(new, name) for name in names}
    return await texts.sealed(session, owner_id, row_id, said)


def _check_version(row: Contact | Interaction, expected: int) -> None:
    if row.version != expected:
        raise PreconditionFailed(f"It has version {row.version} by now; read it again.")
