"""Credentials run out on the day that they name."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.events import CredentialExpired, tell
from services.profile.credentials.models import Credential
from services.profile.credentials.rules import Verification
from services.profile.reactions import jobs as profile_jobs
from shared.jobs import days
from shared.tenancy import Principal

EXPIRE = "credentials.expire"
MOST_AT_ONCE = 500


def has_ended(credential: Credential, today: date) -> bool:
    """Whether its day has come and nobody has been told."""
    ends = credential.expires_on
    told = credential.expired_on or credential.verification is Verification.REVOKED
    return ends is not None and ends <= today and not told


def end(credential: Credential) -> type[CredentialExpired]:
    """What to tell of it."""
    credential.expired_on = credential.expires_on
    return CredentialExpired


@days.on_day(profile_jobs, EXPIRE, most=MOST_AT_ONCE)
async def expire_due(session: AsyncSession, principal: Principal, *, today: date) -> int:
    """Ends the next credentials whose day has come; answers how many."""
    due = (
        select(Credential)
        .where(
            Credential.expires_on <= today,
            Credential.expired_on.is_(None),
            Credential.verification != Verification.REVOKED,
        )
        .order_by(Credential.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    found = (await session.scalars(due)).all()
    for credential in found:
        await tell(session, principal, credential, end(credential))
    return len(found)
