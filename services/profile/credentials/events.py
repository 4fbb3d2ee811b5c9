"""What credentials tell the other services, and the canonical facts as they are read here."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.models import Credential
from services.profile.credentials.rules import CredentialType, Verification
from services.profile.people.told import PersonReference
from services.profile.unresolved.commands import Said
from shared import events
from shared.events import Fact, Payload
from shared.tenancy import Principal


class CredentialFact(Fact):
    """The credential as it is after the change.

    `notice_days` stands while it is announced that it runs out, so many days before. Of one that its person has taken
    back `withdrawn` is true: forget it.
    """

    credential_id: UUID
    person_id: UUID
    type: CredentialType
    name: str
    issuer: str | None
    issued_on: date | None
    expires_on: date | None
    expired_on: date | None
    revoked_on: date | None
    credential_url: str | None
    verification: Verification
    notice_days: int | None
    withdrawn: bool


class CredentialAdded(CredentialFact, type="waymark.profile.credential.added.v1"):
    """Somebody has a credential, or what is known of it changed, e.g. it was renewed."""


class CredentialExpired(CredentialFact, type="waymark.profile.credential.expired.v1"):
    """A credential has run out."""


class CredentialRevoked(CredentialFact, type="waymark.profile.credential.revoked.v1"):
    """A credential has been taken back by who issued it."""


class CredentialExpiring(CredentialFact, type="waymark.profile.credential.expiring.v1"):
    """A credential runs out soon: told `notice_days` before, once a notice."""


class CredentialWithdrawn(CredentialFact, type="waymark.profile.credential.withdrawn.v1"):
    """Its person has taken it back."""


FACTS: tuple[type[Fact], ...] = (
    CredentialAdded,
    CredentialExpired,
    CredentialRevoked,
    CredentialExpiring,
    CredentialWithdrawn,
)


class CredentialReference(Payload):
    """The credential as the source knows it."""

    external_id: str | None = None
    type: str
    name: str
    issuer: str | None = None


class CredentialTold(Said):
    """What the three facts share."""

    person: PersonReference
    credential: CredentialReference


class IssueTold(CredentialTold):
    """`waymark.integrations.credential.issued.v1`."""

    issued_on: date
    expires_on: date | None = None
    url: str | None = None


class ExpiryTold(CredentialTold):
    """`waymark.integrations.credential.expired.v1`."""

    expired_on: date


class RevocationTold(CredentialTold):
    """`waymark.integrations.credential.revoked.v1`."""

    revoked_on: date


async def tell(
    session: AsyncSession,
    principal: Principal,
    credential: Credential,
    *facts: type[CredentialFact],
) -> None:
    """Counts the change and publishes these facts of it."""
    credential.sequence += 1
    await session.flush()
    members = {
        name: getattr(credential, name)
        for name in CredentialFact.model_fields
        if name not in {"credential_id", "withdrawn"}
    }
    told = [
        (
            kind(credential_id=credential.id, withdrawn=kind is CredentialWithdrawn, **members),
            credential.id,
            credential.sequence,
        )
        for kind in facts
    ]
    await events.publish_many(session, principal, facts=told)
