"""The doors of units, and the bulk doors of the organisation."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.people import importing, queries, unit_importing, units
from services.profile.people.models import OrgUnit
from services.profile.people.routes import Ids
from services.profile.people.rules import OrgUnitType
from services.profile.people.schemas import (
    GrantRow,
    OrgUnitCreate,
    OrgUnitRead,
    OrgUnitRow,
    OrgUnitUpdate,
    PersonRow,
)
from services.profile.policy import POLICY
from shared import bulk
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next
from shared.problems import Forbidden

routes = router("/org-units", "org-units")
bulk_routes = router("/imports", "imports")

DryRun = Annotated[bool, Query(alias="dryRun", description="Tries everything, changes nothing.")]
NDJSON = {"content": {bulk.MEDIA_TYPE: {}}, "description": "One verdict a line, in order."}
BODY = {
    "requestBody": {
        "required": True,
        "content": {bulk.MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@routes.get("", response_model=list[OrgUnitRead])
async def list_units(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    ids: Ids = [],  # noqa: B006 - read only
    parent_id: Annotated[UUID | None, Query(alias="parentId")] = None,
    unit_type: Annotated[OrgUnitType | None, Query(alias="type")] = None,
) -> Sequence[OrgUnit]:
    """The units of the organisation, a page at a time."""
    found, after = await queries.org_units(
        session, principal, ids=ids, parent_id=parent_id, type=unit_type, page=page
    )
    link_next(request, response, after)
    return found


@routes.post("", response_model=OrgUnitRead, status_code=status.HTTP_201_CREATED)
async def create_unit(
    response: Response, session: Transaction, principal: Acting, new: OrgUnitCreate
) -> OrgUnit:
    """A new unit."""
    unit_id = await units.create(session, principal, new=new)
    response.headers["Location"] = f"/org-units/{unit_id}"
    return await _read(response, session, principal, unit_id)


@routes.get("/{unit_id}", response_model=OrgUnitRead)
async def read_unit(
    response: Response, session: Transaction, principal: Acting, unit_id: UUID
) -> OrgUnit:
    """One unit."""
    return await _read(response, session, principal, unit_id)


@routes.patch("/{unit_id}", response_model=OrgUnitRead)
async def update_unit(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    unit_id: UUID,
    changes: OrgUnitUpdate,
) -> OrgUnit:
    """Renames the unit, moves it below another one, or gives it another leader."""
    await units.update(session, principal, unit_id=unit_id, expected=expected, changes=changes)
    return await _read(response, session, principal, unit_id)


async def _read(
    response: Response, session: Transaction, principal: Acting, unit_id: UUID
) -> OrgUnit:
    unit = await queries.org_unit(session, principal, unit_id)
    etag(response, unit.sequence)
    return unit


@bulk_routes.post("/org-units", responses={200: NDJSON}, openapi_extra=BODY)
async def import_units(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Units by their keys in another system; a parent stands in the same request or is known."""
    await _allow(session, principal, "ORG_UNIT", "WRITE")
    return await bulk.run(
        request,
        session,
        row_model=OrgUnitRow,
        key=lambda row: row.key,
        apply=partial(unit_importing.apply_units, session, principal),
        dry_run=dry_run,
    )


@bulk_routes.post("/people", responses={200: NDJSON}, openapi_extra=BODY)
async def import_people(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """People and their positions by their keys in another system; a report may come before the manager."""
    await _allow(session, principal, "PERSON", "CREATE")
    return await bulk.run(
        request,
        session,
        row_model=PersonRow,
        key=lambda row: row.key,
        apply=partial(importing.apply, session, principal),
        dry_run=dry_run,
    )


@bulk_routes.post("/grants", responses={200: NDJSON}, openapi_extra=BODY)
async def import_grants(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Standings of persons that are known by their keys in another system."""
    await _allow(session, principal, "GRANT", "WRITE")
    return await bulk.run(
        request,
        session,
        row_model=GrantRow,
        key=lambda row: row.key,
        apply=partial(unit_importing.apply_grants, session, principal),
        dry_run=dry_run,
    )


async def _allow(session: Transaction, principal: Acting, kind: str, action: str) -> None:
    if not await POLICY.may(session, principal, kind, action, None):
        raise Forbidden("This import needs an administrator or a client with the scope for it.")
