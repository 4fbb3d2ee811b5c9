"""Managers and HR stand for a credential; the skills that it shows then count until it runs out or is taken back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.events import CredentialAdded, tell
from services.profile.credentials.models import Credential
from services.profile.credentials.problems import CredentialHasEnded, OwnCredential, UnknownSkills
from services.profile.credentials.rules import Verification
from services.profile.credentials.schemas import CredentialVerification, SkillShown
from services.profile.policy import POLICY
from services.profile.skills import proving
from services.profile.skills.models import Skill
from services.profile.skills.proving import Proof
from services.profile.skills.queries import open_skills
from services.profile.skills.rules import AssertionSource, EvidenceKind
from shared import clock
from shared.problems import Forbidden, NotFound
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
    credential = await _seen(session, principal, person_id, credential_id)
    if principal.person_id == person_id:
        raise OwnCredential("Ask your manager or HR.")
    if not await POLICY.may(session, principal, "CREDENTIAL", "VERIFY", person_id):
        raise Forbidden("The person's manager or HR decides on this.")
    if credential.expired_on or credential.verification is Verification.REVOKED:
        raise CredentialHasEnded("Have it renewed and recorded anew.")
    await require_skills(session, principal, word.skills)
    levels = {UUID(each["skillId"]): each["level"] for each in credential.skills or ()}
    levels |= {each.skill_id: each.level for each in word.skills}
    known = {skill_id: level for skill_id, level in levels.items() if level is not None}
    await proving.give(session, principal, _proof(credential, principal.person_id), known)
    credential.verification = Verification.VERIFIED
    credential.verified_by_id = principal.person_id
    await tell(session, principal, credential, CredentialAdded)
    return credential


async def revoke(session: AsyncSession, principal: Principal, credential: Credential) -> None:
    """What it showed does not count any more."""
    proof = _proof(credential, credential.verified_by_id)
    await proving.take_back(session, principal, proof, "The credential was taken back.")


async def require_skills(
    session: AsyncSession, principal: Principal, skills: Sequence[SkillShown]
) -> None:
    """Raises `UnknownSkills`."""
    named = {each.skill_id for each in skills}
    known = select(Skill.id).where(Skill.id.in_(named), open_skills(principal))
    if len(named) < len(skills) or named - set(await session.scalars(known)):
        raise UnknownSkills("/skills: name skills that exist, each once.")


async def _seen(
    session: AsyncSession, principal: Principal, person_id: UUID, credential_id: UUID
) -> Credential:
    """Locked. Raises `NotFound`."""
    rows = select(Credential).where(
        Credential.id == credential_id,
        Credential.person_id == person_id,
        POLICY.visible(principal, "CREDENTIAL", "READ", Credential.person_id),
    )
    found = await session.scalar(rows.with_for_update())
    if found is None:
        raise NotFound
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
