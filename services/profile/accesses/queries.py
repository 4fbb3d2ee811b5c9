"""Reading the access log."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.accesses.rules import AccessPath
from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.tables import ACCESS_LOG
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views import Columns

MOST_ENTRIES = 1_000


def readable(principal: Principal, row: Columns) -> ColumnElement[bool]:
    """One's own; HR in their units and administrators all but what a consent opened: whom one trusts is not theirs."""
    own = POLICY.visible(principal, "ACCESS_LOG", "READ", row.subject_id)
    overseen = POLICY.visible(principal, "ACCESS_LOG", "OVERSEE", row.subject_id)
    return or_(own, and_(overseen, row.via != AccessPath.CONSENT))


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID, since: date
) -> Sequence[Row[Any]]:
    """The latest first, at most `MOST_ENTRIES`. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    own = await POLICY.may(session, principal, "ACCESS_LOG", "READ", person_id)
    if not own and not await POLICY.may(session, principal, "ACCESS_LOG", "OVERSEE", person_id):
        raise NotFound
    row = ACCESS_LOG.c
    found = select(ACCESS_LOG).where(
        row.subject_id == person_id, row.day >= since, readable(principal, row)
    )
    latest = found.order_by(row.last_at.desc(), row.id.desc()).limit(MOST_ENTRIES)
    return (await session.execute(latest)).all()
