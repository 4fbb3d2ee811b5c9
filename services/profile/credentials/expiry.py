"""Credentials run out on the day that they name."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.events import CredentialExpired, tell
from services.profile.credentials.models import Credential
from services.profile.credentials.rules import Verification
from services.profile.reactions import jobs as profile_jobs
from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, TryLater
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
    credential.expired_on, credential.notice_days = credential.expires_on, None
    return CredentialExpired


async def plan(session: AsyncSession, principal: Principal, day: date | None) -> None:
    """Plans the job of a day to come; a day that is planned already is joined."""
    now = clock.now()
    if day is None or day <= now.date():
        return
    await jobs.enqueue(
        session,
        principal,
        name=EXPIRE,
        arguments={"day": day.isoformat()},
        dedupe_key=day.isoformat(),
        delay=datetime.combine(day, time.min, UTC) - now,
    )


@profile_jobs.job(EXPIRE, at_once=2, most_attempts=None)
async def on_day(database: Database, principal: Principal, job: Job) -> None:
    """Ends what has run out up to today, some hundred a transaction."""
    begins = datetime.combine(date.fromisoformat(job.arguments["day"]), time.min, UTC)
    if clock.now() < begins:
        raise TryLater(begins - clock.now() + timedelta(seconds=1))
    found = MOST_AT_ONCE
    while found == MOST_AT_ONCE:
        async with database.transaction(principal.tenant_id) as session:
            found = await expire_due(session, principal, today=clock.today())


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
