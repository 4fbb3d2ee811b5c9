"""The door of the access log."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from sqlalchemy import Row

from services.feedback.accesses import queries
from services.feedback.accesses.schemas import AccessRead
from shared import clock
from shared.door import Acting, Transaction, router

routes = router("/people", "access log")
LOOKS_BACK = timedelta(days=90)


@routes.get("/{person_id}/access-log", response_model=list[AccessRead])
async def read_access_log(
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    since: Annotated[
        date | None, Query(description="The first day; ninety days ago if not given.")
    ] = None,
) -> Sequence[Row[Any]]:
    """Who looked at your data, which, by which right and when, the latest first; a look stands here after seconds."""
    begin = since or clock.today() - LOOKS_BACK
    return await queries.of_person(session, principal, person_id=person_id, since=begin)
