"""Before a credential runs out its person is told, by a job of each day on which a notice falls.

What is due is found among all credentials of the tenant: a day that was missed is caught up with, and a notice that was
given is not given again. Of credentials of the same kind, name and issuer only the one that lasts longest is announced:
it has renewed the others.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.profile.credentials.events import CredentialAdded, CredentialExpiring, tell
from services.profile.credentials.models import Credential
from services.profile.credentials.rules import NOTICES, Verification, notice_on
from services.profile.people.models import Person
from services.profile.people.rules import WITH_ACCESS
from services.profile.reactions import jobs as profile_jobs
from shared import clock, jobs
from shared.jobs import days
from shared.tenancy import Principal

NOTIFY = "credentials.notice"
MOST_AT_ONCE = 500
VOID = (Verification.REVOKED, Verification.NONE)


async def plan(session: AsyncSession, principal: Principal, expires_on: date | None) -> None:
    """Plans the job of each notice, of one whose day has passed today's; a day that is planned already is joined."""
    today = clock.today()
    if expires_on is None or expires_on <= today:
        return
    due = {max(today, expires_on - timedelta(days=each)) for each in NOTICES}
    await jobs.enqueue_many(
        session, principal, jobs=[days.due_on(NOTIFY, each) for each in sorted(due)]
    )


async def look_again(session: AsyncSession, principal: Principal) -> None:
    """Soon: what was not announced because of another credential may have to be."""
    await jobs.enqueue_many(session, principal, jobs=[days.due_on(NOTIFY, clock.today())])


async def renew(session: AsyncSession, principal: Principal, newer: Credential) -> None:
    """What is announced of an older one that this one renews is taken back."""
    if newer.expired_on or newer.verification in VOID:
        return
    older = Credential
    ends = newer.expires_on
    lasts_longer = true() if ends is None else older.expires_on < ends
    rows = select(older).where(
        older.id != newer.id,
        older.notice_days.is_not(None),
        lasts_longer,
        _same(older, newer),
    )
    for each in (await session.scalars(rows.order_by(older.id).with_for_update())).all():
        each.notice_days = None
        await tell(session, principal, each, CredentialAdded)


@days.on_day(profile_jobs, NOTIFY, most=MOST_AT_ONCE)
async def tell_due(session: AsyncSession, principal: Principal, *, today: date) -> int:
    """Announces the next credentials whose notice has come and was not given; answers how many."""
    due = (
        select(Credential)
        .where(
            Credential.expires_on > today,
            Credential.expired_on.is_(None),
            Credential.verification.not_in(VOID),
            or_(*(_reached(each, today) for each in NOTICES)),
            ~_renewed(),
            exists().where(Person.id == Credential.person_id, Person.status.in_(WITH_ACCESS)),
        )
        .order_by(Credential.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=Credential)
    )
    found = (await session.scalars(due)).all()
    for credential in found:
        credential.notice_days = notice_on(credential.expires_on, today)
        await tell(session, principal, credential, CredentialExpiring)
    return len(found)


def _reached(notice: int, today: date) -> ColumnElement[bool]:
    given = Credential.notice_days
    within = Credential.expires_on <= today + timedelta(days=notice)
    return and_(within, or_(given.is_(None), given > notice))


def _renewed() -> ColumnElement[bool]:
    newer = aliased(Credential)
    return exists().where(
        newer.id != Credential.id,
        newer.expired_on.is_(None),
        newer.verification.not_in(VOID),
        or_(newer.expires_on.is_(None), newer.expires_on > Credential.expires_on),
        _same(Credential, newer),
    )


def _same(row: Any, other: Any) -> ColumnElement[bool]:
    """The same kind of credential of the same person, by its name and issuer."""

    def plain(text: Any) -> ColumnElement[str]:
        return func.lower(func.btrim(func.coalesce(text, "")))

    return and_(
        row.person_id == other.person_id,
        row.type == other.type,
        plain(row.name) == plain(other.name),
        plain(row.issuer) == plain(other.issuer),
    )
