"""Reading consents."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.consents.models import ConsentGrant
from services.profile.people import queries as people
from services.profile.policy import POLICY
from shared.policy import me
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views import Columns


def readable(principal: Principal, row: Columns | type[ConsentGrant]) -> ColumnElement[bool]:
    """One's own, closed ones too; and those by which one is let in by name, while they hold."""
    own = POLICY.visible(principal, "CONSENT", "READ", row.subject_id)
    if principal.person_id is None:
        return own
    holds = and_(row.revoked_at.is_(None), or_(row.until.is_(None), row.until > func.now()))
    return or_(own, and_(row.grantee_id == me(principal), holds))


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[ConsentGrant]:
    """What the person has given, the newest first, closed ones too. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "CONSENT", "READ", person_id)
    given = select(ConsentGrant).where(ConsentGrant.subject_id == person_id)
    newest = given.order_by(ConsentGrant.granted_at.desc(), ConsentGrant.id.desc())
    return (await session.scalars(newest)).all()


async def received_by(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[ConsentGrant]:
    """What the person is let see by name, while it holds. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "CONSENT", "READ", person_id)
    received = select(ConsentGrant).where(
        ConsentGrant.grantee_id == person_id, readable(principal, ConsentGrant)
    )
    newest = received.order_by(ConsentGrant.granted_at.desc(), ConsentGrant.id.desc())
    return (await session.scalars(newest)).all()


async def consent(
    session: AsyncSession, principal: Principal, consent_id: UUID, *, locked: bool = False
) -> ConsentGrant:
    """Raises `NotFound`."""
    found = select(ConsentGrant).where(
        ConsentGrant.id == consent_id, readable(principal, ConsentGrant)
    )
    row = await session.scalar(found.with_for_update() if locked else found)
    if row is None:
        raise NotFound
    return row
