"""Credentials are declared by people, and issued, ended and taken back by other systems."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials import expiry, queries, verifying
from services.profile.credentials.events import (
    CredentialAdded,
    CredentialFact,
    CredentialRevoked,
    CredentialTold,
    ExpiryTold,
    IssueTold,
    RevocationTold,
    tell,
)
from services.profile.credentials.models import Credential
from services.profile.credentials.rules import Verification, key_of, type_of
from services.profile.credentials.schemas import CredentialCreate
from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.wording import Uri
from shared import clock
from shared.ids import new_id
from shared.jobs import days
from shared.tenancy import Principal

URL: TypeAdapter[str] = TypeAdapter(Uri)


async def declare(
    session: AsyncSession, principal: Principal, *, person_id: UUID, new: CredentialCreate
) -> Credential:
    """Raises `NotFound`, `Forbidden`, `UnknownSkills`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "CREDENTIAL", "DECLARE", person_id)
    await verifying.require_skills(session, principal, new.skills)
    credential = Credential(
        id=new_id(),
        person_id=person_id,
        **new.model_dump(exclude={"skills"}),
        skills=[each.model_dump(mode="json", by_alias=True) for each in new.skills],
        verification=Verification.DECLARED,
        said_at=clock.now(),
        sequence=0,
    )
    session.add(credential)
    await _settle(session, principal, credential, CredentialAdded)
    return credential


async def issue(
    session: AsyncSession, principal: Principal, person_id: UUID, told: IssueTold
) -> None:
    """Makes or renews it; told after a newer word it only fills in what is not known."""
    credential, is_new = await _credential(session, person_id, told)
    newest = is_new or credential.said_at <= told.said_at
    said = {
        "issued_on": told.issued_on,
        "expires_on": told.expires_on,
        "credential_url": _url(told.url),
    }
    if newest:
        said = {name: value for name, value in said.items() if value is not None}
        renewed = {"verification": Verification.VERIFIED, "revoked_on": None}
        if credential.expired_on and told.expires_on != credential.expired_on:
            renewed["expired_on"] = None
        said |= renewed
        credential.said_at = told.said_at
    else:
        said = {name: value for name, value in said.items() if getattr(credential, name) is None}
    if _set(credential, said) or is_new:
        await _settle(session, principal, credential, CredentialAdded)


async def revoke(
    session: AsyncSession, principal: Principal, person_id: UUID, told: RevocationTold
) -> None:
    """A newer issue outlasts it."""
    credential, is_new = await _credential(session, person_id, told)
    if not is_new and credential.said_at > told.said_at:
        return
    credential.said_at = told.said_at
    said = {"verification": Verification.REVOKED, "revoked_on": told.revoked_on}
    if _set(credential, said) or is_new:
        await tell(session, principal, credential, CredentialRevoked)
        await verifying.revoke(session, principal, credential)


async def expire(
    session: AsyncSession, principal: Principal, person_id: UUID, told: ExpiryTold
) -> None:
    """A newer issue outlasts it."""
    credential, is_new = await _credential(session, person_id, told)
    if not is_new and credential.said_at > told.said_at:
        return
    credential.said_at = told.said_at
    if _set(credential, {"expires_on": told.expired_on}) or credential.expired_on is None:
        await _settle(session, principal, credential)


async def _credential(
    session: AsyncSession, person_id: UUID, told: CredentialTold
) -> tuple[Credential, bool]:
    """The one that is meant, or a new one that is not verified yet."""
    means = told.credential
    key = key_of(means.external_id, means.type, means.name, means.issuer)
    found = await queries.told_by(session, person_id=person_id, system=told.system, key=key)
    if found is not None:
        return found, False
    new = Credential(
        id=new_id(),
        person_id=person_id,
        type=type_of(means.type),
        source_type=means.type,
        name=means.name,
        issuer=means.issuer,
        verification=Verification.VERIFIED,
        system=told.system,
        source_key=key,
        said_at=told.said_at,
        sequence=0,
    )
    session.add(new)
    return new, True


async def _settle(
    session: AsyncSession,
    principal: Principal,
    credential: Credential,
    *facts: type[CredentialFact],
) -> None:
    """Tells, ends what has ended already, and plans the end of what has not."""
    if expiry.has_ended(credential, clock.today()):
        facts = (*facts, expiry.end(credential))
    if facts:
        await tell(session, principal, credential, *facts)
    else:
        await session.flush()
    await days.plan(session, principal, expiry.EXPIRE, [credential.expires_on])


def _set(credential: Credential, said: dict[str, Any]) -> bool:
    changed = {name: value for name, value in said.items() if getattr(credential, name) != value}
    for name, value in changed.items():
        setattr(credential, name, value)
    return bool(changed)


def _url(said: str | None) -> str | None:
    """An address that a browser may open, else nothing."""
    try:
        return URL.validate_python(said) if said else None
    except ValidationError:
        return None
