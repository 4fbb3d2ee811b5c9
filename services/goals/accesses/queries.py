"""Reading the access log."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.people import queries as people
from services.goals.policy import POLICY
from services.goals.tables import ACCESS_LOG
from shared.accesses.reading import Reading
from shared.problems import NotFound
from shared.tenancy import Principal

READING = Reading(ACCESS_LOG, POLICY)


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID, since: date
) -> Sequence[Row[Any]]:
    """The latest first. Raises `NotFound`."""
    if not await people.known(session, person_id):
        raise NotFound
    return await READING.of_person(session, principal, person_id=person_id, since=since)
