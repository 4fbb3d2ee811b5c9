"""What this slice does when other systems tell of credentials; what is told of nobody known waits."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials import commands
from services.profile.credentials.events import (
    CredentialTold,
    ExpiryTold,
    IssueTold,
    RevocationTold,
)
from services.profile.people import recording, references
from services.profile.reactions import handlers
from services.profile.unresolved import commands as unresolved
from services.profile.unresolved.commands import T, Word, resolves, word_of
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind
from shared.events import Incoming
from shared.tenancy import Principal

Effect = Callable[[AsyncSession, Principal, UUID, Any], Awaitable[None]]
ISSUED, EXPIRED, REVOKED = "issued", "expired", "revoked"
EFFECTS: dict[str, tuple[type[CredentialTold], Effect]] = {
    ISSUED: (IssueTold, commands.issue),
    EXPIRED: (ExpiryTold, commands.expire),
    REVOKED: (RevocationTold, commands.revoke),
}


@handlers.on("waymark.integrations.credential.issued.v1", group="credentials")
async def on_issue(session: AsyncSession, principal: Principal, event: Incoming[IssueTold]) -> None:
    await _apply(session, principal, _word(event), ISSUED)


@handlers.on("waymark.integrations.credential.expired.v1", group="credentials")
async def on_expiry(
    session: AsyncSession, principal: Principal, event: Incoming[ExpiryTold]
) -> None:
    await _apply(session, principal, _word(event), EXPIRED)


@handlers.on("waymark.integrations.credential.revoked.v1", group="credentials")
async def on_revocation(
    session: AsyncSession, principal: Principal, event: Incoming[RevocationTold]
) -> None:
    await _apply(session, principal, _word(event), REVOKED)


@resolves(Kind.CREDENTIAL)
async def resolve(session: AsyncSession, principal: Principal, entry: Unresolved) -> None:
    model, _ = EFFECTS[entry.part]
    await _apply(session, principal, word_of(entry, model), entry.part)


async def _apply(session: AsyncSession, principal: Principal, word: Word[Any], verb: str) -> None:
    await references.lock(session)
    told = word.told
    match = await references.find(session, told.system, told.person)
    if match.person is None:
        assert match.obstacle is not None
        await unresolved.keep(session, Kind.CREDENTIAL, word, match.obstacle, part=verb)
        return
    person_id: UUID = match.person.id
    if match.attach:
        name = (told.system, told.person.external_id)
        await recording.attach(session, principal, person_id, name)
    _, effect = EFFECTS[verb]
    await effect(session, principal, person_id, told)
    await unresolved.let_go(session, Kind.CREDENTIAL, word.subject, parts=[verb])


def _word(event: Incoming[T]) -> Word[T]:
    return Word(event.subject, event.id, event.payload)
