"""What a journal tells: of aspirations alone, and only of those that their person has opted in to matching."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.journal.models import Aspiration
from services.profile.journal.rules import Horizon
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class AspirationDeclared(Fact, type="waymark.profile.aspiration.declared.v1"):
    """Somebody lets themself be matched with where they want to be, or changed what they want."""

    aspiration_id: UUID
    person_id: UUID
    role_id: UUID | None
    field_text: str | None
    horizon: Horizon
    desire_strength: int
    confidence: float | None


class AspirationWithdrawn(Fact, type="waymark.profile.aspiration.withdrawn.v1"):
    """It is not to be matched any more: forget it."""

    aspiration_id: UUID
    person_id: UUID


FACTS: tuple[type[Fact], ...] = (AspirationDeclared, AspirationWithdrawn)


async def tell(
    session: AsyncSession, principal: Principal, aspiration: Aspiration, field_text: str | None
) -> None:
    """Flushes it, and publishes what others may know now if they may or did know anything."""
    shown = aspiration.opt_in_to_matching
    known, aspiration.told = aspiration.told, shown
    await session.flush()
    if shown:
        names = ("person_id", "role_id", "horizon", "desire_strength", "confidence")
        members = {name: getattr(aspiration, name) for name in names}
        fact = AspirationDeclared(aspiration_id=aspiration.id, field_text=field_text, **members)
        await events.publish(
            session, principal, fact, subject=aspiration.id, sequence=aspiration.version
        )
    elif known:
        await tell_end(session, principal, aspiration, sequence=aspiration.version)


async def tell_end(
    session: AsyncSession, principal: Principal, aspiration: Aspiration, *, sequence: int
) -> None:
    fact = AspirationWithdrawn(aspiration_id=aspiration.id, person_id=aspiration.person_id)
    await events.publish(session, principal, fact, subject=aspiration.id, sequence=sequence)
