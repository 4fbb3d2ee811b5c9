"""The door of the access log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.goals.accesses import queries
from services.goals.accesses.schemas import AccessRead
from shared.accesses.door import Since
from shared.door import Acting, Transaction, router

routes = router("/people", "access log")


@routes.get("/{person_id}/access-log", response_model=list[AccessRead])
async def read_access_log(
    session: Transaction, principal: Acting, person_id: UUID, since: Since
) -> Sequence[Row[Any]]:
    """Who looked at your data, which, by which right and when, the latest first; a look stands here after seconds."""
    return await queries.of_person(session, principal, person_id=person_id, since=since)
