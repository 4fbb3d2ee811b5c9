"""What consents tell the other services: never what somebody wrote about the purpose."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.consents.models import ConsentGrant
from services.profile.consents.rules import ConsentRole, ConsentScope
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class ConsentFact(Fact):
    """The consent as it is after the change. `personId` is who gave it; no `granteeId` means everybody here,
    no `objectId` everything in the scope."""

    consent_id: UUID
    person_id: UUID
    grantee_id: UUID | None
    scope: ConsentScope
    object_id: UUID | None
    role: ConsentRole | None
    granted_at: AwareDatetime
    until: AwareDatetime | None
    revoked_at: AwareDatetime | None


class ConsentGranted(ConsentFact, type="waymark.profile.consent.granted.v1"):
    """Somebody lets others see something of them."""


class ConsentRevoked(ConsentFact, type="waymark.profile.consent.revoked.v1"):
    """Somebody has taken a consent back."""


FACTS: tuple[type[Fact], ...] = (ConsentGranted, ConsentRevoked)
GIVEN, TAKEN_BACK = 1, 2


async def tell(session: AsyncSession, principal: Principal, consent: ConsentGrant) -> None:
    """A consent has two facts in its life: it is given, and it is taken back."""
    await session.flush()
    members: dict[str, Any] = {
        name: getattr(consent, name)
        for name in ConsentFact.model_fields
        if name not in {"consent_id", "person_id"}
    }
    kind, sequence = (
        (ConsentGranted, GIVEN) if consent.revoked_at is None else (ConsentRevoked, TAKEN_BACK)
    )
    fact = kind(consent_id=consent.id, person_id=consent.subject_id, **members)
    await events.publish(session, principal, fact, subject=consent.id, sequence=sequence)
