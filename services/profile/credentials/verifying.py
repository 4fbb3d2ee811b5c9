"""Managers and HR stand for a credential; the skills that it shows then count until it runs out or is taken back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials import queries
from services.profile.credentials.events import CredentialAdded, tell
from services.profile.credentials.models import Credential
from services.profile.credentials.problems import (
    CredentialHasEnded,
    IssuedElsewhere,
    OwnCredential,
    UnknownSkills,
)
from services.profile.credentials.rules import Verification
from services.profile.credentials.schemas import CredentialVerification, SkillShown
from services.profile.policy import POLICY
from services.profile.skills import proving
from services.profile.skills.models import Skill
from services.profile.skills.proving import Proof
from services.profile.skills.queries import open_skills
from services.profile.skills.rules import AssertionSource, EvidenceKind
from shared import clock
from shared.problems import Forbidden
from shared.tenancy import Principal


async def verify(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    credential_id: UUID,
    word: CredentialVerification,
) -> Credential:
    """The verifier's levels stand above those that the person claims.

    Raises `NotFound`, `OwnCredential`, `Forbidden`, `CredentialHasEnded`, `UnknownSkills`.
    """
    credential = await _others(session, principal, person_id, credential_id)
    await require_skills(session, principal, word.skills)
    levels = {UUID(each["skillId"]): each["level"] for each in credential.skills or ()}
    levels |= {each.skill_id: each.level for each in word.skills}
    known = {skill_id: level for skill_id, level in levels.items() if level is not None}
    await proving.give(session, principal, _proof(credential, principal.person_id), known)
    credential.verification = Verification.VERIFIED
    credential.verified_by_id, credential.objection = principal.person_id, None
    await tell(session, principal, credential, CredentialAdded)
    return credential


async def object_to(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    credential_id: UUID,
    reason: str,
) -> Credential:
    """Nobody stands for it, who did no more. Raises what `verify` does, `IssuedElsewhere`."""
    credential = await _others(session, principal, person_id, credential_id)
    if credential.system is not None:
        raise IssuedElsewhere(f"Have it taken back in {credential.system}.")
    await take_back(session, principal, credential, reason)
    credential.verification, credential.objection = Verification.NONE, reason
    credential.verified_by_id = credential.notice_days = None
    await tell(session, principal, credential, CredentialAdded)
    return credential


async def take_back(
    session: AsyncSession, principal: Principal, credential: Credential, reason: str
) -> None:
    """What it showed does not count any more."""
    proof = _proof(credential, credential.verified_by_id)
    await proving.take_back(session, principal, proof, reason)


async def require_skills(
    session: AsyncSession, principal: Principal, skills: Sequence[SkillShown]
) -> None:
    """Raises `UnknownSkills`."""
    named = {each.skill_id for each in skills}
    known = select(Skill.id).where(Skill.id.in_(named), open_skills(principal))
    if len(named) < len(skills) or named - set(await session.scalars(known)):
        raise UnknownSkills("/skills: name skills that exist, each once.")


async def _others(
    session: AsyncSession, principal: Principal, person_id: UUID, credential_id: UUID
) -> Credential:
    """Somebody else's, for whoever decides on it. Raises `NotFound`, `OwnCredential`, `Forbidden`, …"""
    found = await queries.to_change(
        session, principal, person_id=person_id, credential_id=credential_id
    )
    if principal.person_id == person_id:
        raise OwnCredential("Ask your manager or HR.")
    if not await POLICY.may(session, principal, "CREDENTIAL", "VERIFY", person_id):
        raise Forbidden("The person's manager or HR decides on this.")
    if found.expired_on or found.verification is Verification.REVOKED:
        raise CredentialHasEnded("Have it renewed and recorded anew.")
    return found


def _proof(credential: Credential, verifier_id: UUID | None) -> Proof:
    today = clock.today()
    return Proof(
        person_id=credential.person_id,
        source=AssertionSource.CERTIFICATION,
        name=f"credential:{credential.id}",
        title=credential.name,
        kind=EvidenceKind.CREDENTIAL,
        occurred_on=min(credential.issued_on or today, today),
        expires_on=credential.expires_on,
        verifier_id=verifier_id,
    )
