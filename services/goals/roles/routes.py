"""`/roles`: the catalogue of roles, its families, and its bulk door."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.goals.roles import commands, queries
from services.goals.roles.models import Role, RoleFamily
from services.goals.roles.schemas import (
    RoleContent,
    RoleCreate,
    RoleDetail,
    RoleFamilyRead,
    RoleRead,
    RoleSkillRead,
)
from shared import bulk
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next, page_of

routes = router("/roles", "roles")
imports = router("/imports", "imports")

Words = Annotated[str | None, Query(max_length=200)]


@routes.get("", response_model=list[RoleRead])
async def list_roles(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    search: Words = None,
    family: Words = None,
    catalogue: Words = None,
) -> Sequence[Role]:
    """Roles by words of the title or the code, by a family's name, by catalogue."""
    rows = queries.matching(principal, search=search, family=family, catalogue=catalogue)
    found, after = await page_of(session, rows, key=Role.id, page=page)
    link_next(request, response, after)
    return found


@routes.get("/families", response_model=list[RoleFamilyRead])
async def list_families(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    catalogue: Words = None,
) -> Sequence[RoleFamily]:
    rows = queries.families(principal, catalogue=catalogue)
    found, after = await page_of(session, rows, key=RoleFamily.id, page=page)
    link_next(request, response, after)
    return found


@routes.get("/{role_id}", response_model=RoleDetail)
async def get_role(
    response: Response, session: Transaction, principal: Acting, role_id: UUID
) -> RoleDetail:
    """A role with what it requires and the next roles on its ladder."""
    role = await queries.get_one(session, principal, role_id)
    etag(response, role.version)
    return await _detail(session, role)


@routes.post("", response_model=RoleDetail, status_code=status.HTTP_201_CREATED)
async def create_role(
    response: Response, session: Transaction, principal: Acting, wanted: RoleCreate
) -> RoleDetail:
    role = await commands.create(session, principal, wanted=wanted)
    response.headers["Location"] = f"/roles/{role.id}"
    etag(response, role.version)
    return await _detail(session, role)


@routes.put("/{role_id}", response_model=RoleDetail)
async def replace_role(
    response: Response,
    session: Transaction,
    principal: Acting,
    role_id: UUID,
    expected: ExpectedVersion,
    content: RoleContent,
) -> RoleDetail:
    """Publishes the next version; the earlier ones stay as they were."""
    role = await commands.replace(
        session, principal, role_id=role_id, expected_version=expected, content=content
    )
    etag(response, role.version)
    return await _detail(session, role)


@imports.post("/roles", response_class=Response)
async def import_roles(
    request: Request,
    session: Transaction,
    principal: Acting,
    dry_run: Annotated[bool, Query(alias="dryRun")] = False,
) -> Response:
    """At most 1,000 roles as NDJSON; one verdict a line."""

    async def apply(lines: Sequence[bulk.Line[RoleCreate]]) -> None:
        await commands.publish_lines(session, principal, lines)

    return await bulk.run(
        request,
        session,
        row_model=RoleCreate,
        key=lambda row: row.code,
        apply=apply,
        dry_run=dry_run,
    )


async def _detail(session: Transaction, role: Role) -> RoleDetail:
    requirements = await queries.requirements_of(session, role.version_id)
    following = await queries.next_of(session, role)
    return RoleDetail(
        **RoleRead.model_validate(role).model_dump(),
        requirements=[RoleSkillRead.model_validate(each) for each in requirements],
        experience=role.experience,
        credentials=role.credentials,
        next_roles=[RoleRead.model_validate(each) for each in following],
    )
