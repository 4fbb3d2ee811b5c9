"""Reading contacts and interactions: their owner's alone."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.network import texts
from services.profile.network.models import Contact, Interaction
from services.profile.network.schemas import ContactRead, InteractionRead
from services.profile.policy import POLICY
from shared.problems import NotFound
from shared.tenancy import Principal

CONTACT_TEXTS = ("name", "organisation", "note")
INTERACTION_TEXTS = ("summary", "questions", "notes")


Row = TypeVar("Row", Contact, Interaction)
Shown = TypeVar("Shown", ContactRead, InteractionRead)


def own(principal: Principal, model: type[Row]) -> Select[Row]:
    return select(model).where(POLICY.visible(principal, "NETWORK", "READ", model.owner_id))


async def contact(
    session: AsyncSession, principal: Principal, contact_id: UUID, *, locked: bool = False
) -> Contact:
    """Raises `NotFound`."""
    return await _one(session, own(principal, Contact).where(Contact.id == contact_id), locked)


async def interaction(
    session: AsyncSession, principal: Principal, interaction_id: UUID, *, locked: bool = False
) -> Interaction:
    """Raises `NotFound`."""
    wanted = own(principal, Interaction).where(Interaction.id == interaction_id)
    return await _one(session, wanted, locked)


async def contacts(session: AsyncSession, principal: Principal) -> list[ContactRead]:
    """One's own, the newest first."""
    newest = own(principal, Contact).order_by(Contact.added_at.desc(), Contact.id.desc())
    return [await shown_contact(session, row) for row in await session.scalars(newest)]


async def interactions(
    session: AsyncSession,
    principal: Principal,
    *,
    contact_id: UUID | None,
    follow_up_by: date | None,
) -> list[InteractionRead]:
    """One's own, the latest first; with `follow_up_by` those whose follow-up is due by then and not done."""
    wanted = own(principal, Interaction)
    if contact_id:
        wanted = wanted.where(Interaction.contact_id == contact_id)
    if follow_up_by:
        wanted = wanted.where(
            Interaction.follow_up_on <= follow_up_by, Interaction.followed_up_at.is_(None)
        )
    rows: Sequence[Interaction] = (
        await session.scalars(wanted.order_by(Interaction.held_on.desc(), Interaction.id.desc()))
    ).all()
    return [await shown_interaction(session, row) for row in rows]


async def shown_contact(session: AsyncSession, row: Contact) -> ContactRead:
    return await _shown(session, row, ContactRead, CONTACT_TEXTS)


async def shown_interaction(session: AsyncSession, row: Interaction) -> InteractionRead:
    return await _shown(session, row, InteractionRead, INTERACTION_TEXTS)


async def _shown(
    session: AsyncSession, row: Any, model: type[Shown], names: Sequence[str]
) -> Shown:
    open_texts = await texts.opened(session, row.owner_id, row, *names)
    plain = {name: getattr(row, name) for name in model.model_fields if name not in names}
    return model(**plain, **open_texts)


async def _one(session: AsyncSession, wanted: Select[Row], locked: bool) -> Row:
    fresh = {"populate_existing": True}
    row = await session.scalar(
        wanted.with_for_update() if locked else wanted, execution_options=fresh
    )
    if row is None:
        raise NotFound
    return row
