"""The doors of people."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.people import commands, granting, queries
from services.profile.people.models import Assignment, PersonGrant
from services.profile.people.rules import PersonStatus
from services.profile.people.schemas import (
    AssignmentCreate,
    AssignmentRead,
    GrantCreate,
    GrantRead,
    PersonCreate,
    PersonRead,
    PersonUpdate,
    Termination,
)
from services.profile.wording import Search
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next
from shared.trees import DEEPEST

MOST_IDS = 1000
routes = router("/people", "people")

Ids = Annotated[list[UUID], Query(max_length=MOST_IDS, description="Only these; repeat for more.")]


@routes.get("", response_model=list[PersonRead])
async def list_people(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    ids: Ids = [],  # noqa: B006 - read only
    search: Annotated[Search | None, Query(description="A piece of a name or title.")] = None,
    org_unit_id: Annotated[UUID | None, Query(alias="orgUnitId")] = None,
    person_status: Annotated[PersonStatus | None, Query(alias="status")] = None,
) -> list[PersonRead]:
    """Everybody who works here, a page at a time, or with `ids` those persons at once."""
    if ids:
        return await queries.of_ids(session, principal, ids)
    people, after = await queries.people(
        session,
        principal,
        search=search,
        org_unit_id=org_unit_id,
        status=person_status,
        page=page,
    )
    link_next(request, response, after)
    return people


@routes.post("", response_model=PersonRead, status_code=status.HTTP_201_CREATED)
async def register_person(
    response: Response, session: Transaction, principal: Acting, new: PersonCreate
) -> PersonRead:
    """A new person, with or without a first position."""
    person_id = await commands.register(session, principal, new=new)
    response.headers["Location"] = f"/people/{person_id}"
    return await _read(response, session, principal, person_id)


@routes.get("/{person_id}", response_model=PersonRead)
async def read_person(
    response: Response, session: Transaction, principal: Acting, person_id: UUID
) -> PersonRead:
    """The person; of a colleague only the card."""
    return await _read(response, session, principal, person_id)


@routes.patch("/{person_id}", response_model=PersonRead)
async def update_person(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    person_id: UUID,
    changes: PersonUpdate,
) -> PersonRead:
    """Changes names, addresses and status; positions change by assignments."""
    await commands.update(
        session, principal, person_id=person_id, expected=expected, changes=changes
    )
    return await _read(response, session, principal, person_id)


@routes.get("/{person_id}/assignments", response_model=list[AssignmentRead])
async def list_assignments(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[Assignment]:
    """The job history as recorded: of two entries of one day the later recorded one holds."""
    return await queries.assignments(session, principal, person_id=person_id)


@routes.post(
    "/{person_id}/assignments", response_model=PersonRead, status_code=status.HTTP_201_CREATED
)
async def assign_person(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    new: AssignmentCreate,
) -> PersonRead:
    """A position from a day on; answers the person as of today."""
    await commands.assign(session, principal, person_id=person_id, new=new)
    response.headers["Location"] = f"/people/{person_id}/assignments"
    return await _read(response, session, principal, person_id)


@routes.post("/{person_id}/terminate", response_model=PersonRead)
async def terminate_person(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    ending: Termination,
) -> PersonRead:
    """The person leaves, today or on a day to come."""
    await commands.terminate(session, principal, person_id=person_id, ending=ending)
    return await _read(response, session, principal, person_id)


@routes.post("/{person_id}/reactivate", response_model=PersonRead)
async def reactivate_person(
    response: Response, session: Transaction, principal: Acting, person_id: UUID
) -> PersonRead:
    """The person works here again, without a position at first."""
    await commands.reactivate(session, principal, person_id=person_id)
    return await _read(response, session, principal, person_id)


@routes.get("/{person_id}/reports", response_model=list[PersonRead])
async def list_reports(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    person_id: UUID,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="1: direct reports only.")] = 1,
) -> list[PersonRead]:
    """Who reports to the person, down to a depth."""
    people, after = await queries.reports(
        session, principal, person_id=person_id, deepest=depth, page=page
    )
    link_next(request, response, after)
    return people


@routes.get("/{person_id}/grants", response_model=list[GrantRead])
async def list_grants(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[PersonGrant]:
    """The standings that the person has."""
    return await queries.grants(session, principal, person_id=person_id)


@routes.post(
    "/{person_id}/grants", response_model=list[GrantRead], status_code=status.HTTP_201_CREATED
)
async def grant_standing(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    new: GrantCreate,
) -> Sequence[PersonGrant]:
    """A standing for another person; answers all that they have."""
    grant_id = await granting.grant(session, principal, person_id=person_id, new=new)
    response.headers["Location"] = f"/people/{person_id}/grants/{grant_id}"
    return await queries.grants(session, principal, person_id=person_id)


@routes.delete("/{person_id}/grants/{grant_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_standing(
    session: Transaction, principal: Acting, person_id: UUID, grant_id: UUID
) -> None:
    """Takes a standing away from another person."""
    await granting.revoke(session, principal, person_id=person_id, grant_id=grant_id)


async def _read(
    response: Response, session: Transaction, principal: Acting, person_id: UUID
) -> PersonRead:
    person = await queries.person(session, principal, person_id)
    if person.version is not None:
        etag(response, person.version)
    return person
