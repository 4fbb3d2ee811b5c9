"""Reading the access log."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.accesses.rules import AccessPath
from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.tables import ACCESS_LOG
from shared.accesses.reading import Reading
from shared.tenancy import Principal

READING = Reading(ACCESS_LOG, POLICY, withheld=(AccessPath.CONSENT,))


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID, since: date
) -> Sequence[Row[Any]]:
    """The latest first. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    return await READING.of_person(session, principal, person_id=person_id, since=since)
