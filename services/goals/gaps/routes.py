"""`/gaps`: computed when asked, stored nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from services.goals.accesses.commands import noted
from services.goals.accesses.rules import Kept
from services.goals.gaps import queries, role_queries, unit_queries
from services.goals.gaps.queries import When
from services.goals.gaps.schemas import (
    CustomGap,
    GapRead,
    GapSummary,
    HeatMapRead,
    Part,
    RoleGapRead,
    RoleGapSummary,
)
from shared.door import Acting, Transaction, router
from shared.schemas import Day

routes = router("/gaps", "gaps")

RoleId = Annotated[UUID | None, Query(alias="roleId")]
AsOf = Annotated[
    Day | None, Query(alias="asOf", description="Another day than today: what was valid then.")
]
KnownAt = Annotated[
    datetime | None,
    Query(alias="knownAt", description="Only what had been told and published by that moment."),
]
Include = Annotated[list[Part] | None, Query(description="What is to be brought along.")]


@routes.get("", response_model=GapRead)
async def get_gap(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    role_id: RoleId = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    include: Include = None,
) -> Any:
    """One's own or a person's gap, against the role that they have or another one."""
    when = When(as_of, known_at, include or ())
    gap = await queries.of_person(
        session, principal, person_id=person_id, role_id=role_id, when=when
    )
    await noted(session, principal, what=Kept.GAPS, people=[gap.person_id])
    return gap


@routes.post("", response_model=GapRead)
async def compute_gap(session: Transaction, principal: Acting, asked: CustomGap) -> Any:
    """The gap against a list of skills, experience and credentials."""
    gap = await queries.of_custom(session, principal, asked=asked)
    await noted(session, principal, what=Kept.GAPS, people=[gap.person_id])
    return gap


@routes.get("/ranking", response_model=list[GapSummary])
async def rank(
    session: Transaction,
    principal: Acting,
    role_id: Annotated[UUID, Query(alias="roleId")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Sequence[Any]:
    """Of the people that you may see, those nearest to the role."""
    when = When(as_of, known_at)
    found = await queries.ranking(session, principal, role_id=role_id, when=when, limit=limit)
    await noted(session, principal, what=Kept.GAPS, people={each.person_id for each in found})
    return found


@routes.get("/roles", response_model=RoleGapRead)
async def get_role_gap(
    session: Transaction,
    principal: Acting,
    from_role_id: Annotated[UUID, Query(alias="fromRoleId")],
    to_role_id: Annotated[UUID, Query(alias="toRoleId")],
) -> Any:
    """What somebody who does one role exactly as it asks lacks for another one."""
    return await role_queries.between_roles(
        session, principal, from_role_id=from_role_id, to_role_id=to_role_id
    )


@routes.get("/roles/nearest", response_model=list[RoleGapSummary])
async def list_nearest_roles(
    session: Transaction,
    principal: Acting,
    role_id: Annotated[UUID, Query(alias="roleId")],
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> Sequence[Any]:
    """The roles that lack least of the one given."""
    return await role_queries.nearest(session, principal, role_id=role_id, limit=limit)


@routes.get("/heat-map", response_model=HeatMapRead)
async def get_heat_map(
    session: Transaction,
    principal: Acting,
    org_unit_id: Annotated[UUID, Query(alias="orgUnitId")],
    skill_ids: Annotated[
        list[UUID] | None,
        Query(alias="skillId", max_length=1000, description="Of these skills alone."),
    ] = None,
) -> Any:
    """Gaps and coverage of a unit and those right below it, for its leader and HR; never of fewer than five people."""
    return await unit_queries.heat_map(
        session, principal, org_unit_id=org_unit_id, skill_ids=skill_ids
    )
