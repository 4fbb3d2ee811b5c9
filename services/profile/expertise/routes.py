"""The door of the search for experts."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from services.profile.expertise import queries
from services.profile.expertise.schemas import ExpertRead
from shared.door import Acting, Transaction, router

routes = router("/expertise", "expertise")


@routes.get("", response_model=list[ExpertRead])
async def list_experts(
    session: Transaction,
    principal: Acting,
    skill_id: Annotated[UUID, Query(alias="skillId")],
    org_unit_id: Annotated[
        UUID | None, Query(alias="orgUnitId", description="With the units below it.")
    ] = None,
    at_least: Annotated[
        int | None, Query(alias="atLeast", ge=0, le=100, description="A step of the scale.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Sequence[Any]:
    """Who knows something, of those who let themselves be found by it; who certainly knows most first."""
    return await queries.of_skill(
        session,
        principal,
        skill_id=skill_id,
        org_unit_id=org_unit_id,
        at_least=at_least,
        limit=limit,
    )
