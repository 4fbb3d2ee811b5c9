"""`/learning`: the catalogue, the records, and the catalogue's bulk door."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.goals.accesses.commands import noted
from services.goals.accesses.rules import Kept
from services.goals.learning import commands, queries, resources
from services.goals.learning.models import LearningRecord, LearningResource
from services.goals.learning.rules import RecordState
from services.goals.learning.schemas import (
    RecordCompletion,
    RecordCreate,
    RecordRead,
    ResourceContent,
    ResourceRead,
)
from shared import bulk
from shared.door import Acting, Transaction, etag, router
from shared.paging import Paging, link_next, page_of

routes = router("/learning", "learning")
imports = router("/imports", "imports")

Words = Annotated[str | None, Query(max_length=200)]


@routes.get("/resources", response_model=list[ResourceRead])
async def list_resources(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    search: Words = None,
    provider: Words = None,
) -> Sequence[LearningResource]:
    """The catalogue, by words of the title or the code, by provider."""
    rows = queries.matching(principal, search=search, provider=provider)
    found, after = await page_of(session, rows, key=LearningResource.id, page=page)
    link_next(request, response, after)
    return found


@routes.get("/resources/{resource_id}", response_model=ResourceRead)
async def get_resource(
    response: Response, session: Transaction, principal: Acting, resource_id: UUID
) -> LearningResource:
    resource = await queries.get_resource(session, principal, resource_id)
    etag(response, resource.version)
    return resource


@routes.post("/resources", response_model=ResourceRead, status_code=status.HTTP_201_CREATED)
async def create_resource(
    response: Response, session: Transaction, principal: Acting, wanted: ResourceContent
) -> LearningResource:
    resource = await resources.create(session, principal, wanted=wanted)
    response.headers["Location"] = f"/learning/resources/{resource.id}"
    etag(response, resource.version)
    return resource


@routes.get("/records", response_model=list[RecordRead])
async def list_records(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
) -> Sequence[LearningRecord]:
    """The records that you may see, of all or of one person."""
    rows = queries.records(principal, person_id=person_id)
    found, after = await page_of(session, rows, key=LearningRecord.id, page=page)
    link_next(request, response, after)
    await noted(session, principal, what=Kept.LEARNING, people={each.person_id for each in found})
    return found


@routes.post("/records", response_model=RecordRead, status_code=status.HTTP_201_CREATED)
async def enrol(session: Transaction, principal: Acting, wanted: RecordCreate) -> LearningRecord:
    return await commands.enrol(
        session, principal, resource_id=wanted.resource_id, person_id=wanted.person_id
    )


@routes.post("/records/{record_id}/complete", response_model=RecordRead)
async def complete_record(
    session: Transaction,
    principal: Acting,
    record_id: UUID,
    told: RecordCompletion | None = None,
) -> LearningRecord:
    """Says that it is done: goals and milestones that name the resource move on at once."""
    return await commands.complete(
        session, principal, record_id=record_id, told=told or RecordCompletion()
    )


@routes.post("/records/{record_id}/start", response_model=RecordRead)
async def start_record(session: Transaction, principal: Acting, record_id: UUID) -> LearningRecord:
    return await commands.move(
        session, principal, record_id=record_id, wanted=RecordState.IN_PROGRESS
    )


@routes.post("/records/{record_id}/fail", response_model=RecordRead)
async def fail_record(session: Transaction, principal: Acting, record_id: UUID) -> LearningRecord:
    return await commands.move(session, principal, record_id=record_id, wanted=RecordState.FAILED)


@routes.post("/records/{record_id}/withdraw", response_model=RecordRead)
async def withdraw_record(
    session: Transaction, principal: Acting, record_id: UUID
) -> LearningRecord:
    return await commands.move(
        session, principal, record_id=record_id, wanted=RecordState.WITHDRAWN
    )


@imports.post("/courses", response_class=Response)
async def import_courses(
    request: Request,
    session: Transaction,
    principal: Acting,
    dry_run: Annotated[bool, Query(alias="dryRun")] = False,
) -> Response:
    """At most 1,000 resources as NDJSON; one verdict a line."""

    async def apply(lines: Sequence[bulk.Line[ResourceContent]]) -> None:
        await resources.store_lines(session, principal, lines)

    return await bulk.run(
        request,
        session,
        row_model=ResourceContent,
        key=lambda row: row.code,
        apply=apply,
        dry_run=dry_run,
    )
