"""The door of unused skills."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from services.goals.accesses.commands import noted
from services.goals.accesses.rules import Kept
from services.goals.utilisation import queries
from services.goals.utilisation.rules import HELD_FROM
from services.goals.utilisation.schemas import UnusedSkill
from shared.door import Acting, Transaction, router

routes = router("/utilisation", "utilisation")


@routes.get("", response_model=list[UnusedSkill])
async def list_unused(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID, Query(alias="personId")],
    at_least: Annotated[float, Query(alias="atLeast", ge=0, le=5)] = HELD_FROM,
) -> Any:
    """What somebody can do and is not asked for in their role: for themself, their manager and HR."""
    found = await queries.of_person(session, principal, person_id=person_id, at_least=at_least)
    people = [person_id] if found else []
    await noted(session, principal, what=Kept.UNUSED_SKILLS, people=people)
    return found
