"""The doors of frameworks and skills, and their bulk doors."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.people.routes import Ids
from services.profile.people.unit_routes import BODY, NDJSON, DryRun
from services.profile.skills import commands, framework_importing, importing, queries
from services.profile.skills.models import Skill
from services.profile.skills.rules import SkillType
from services.profile.skills.schemas import (
    FrameworkCreate,
    FrameworkRead,
    FrameworkRow,
    FrameworkUpdate,
    SkillCreate,
    SkillRead,
    SkillRow,
    SkillUpdate,
)
from services.profile.wording import Search
from shared import bulk
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next

framework_routes = router("/frameworks", "frameworks")
routes = router("/skills", "skills")
bulk_routes = router("/imports", "imports")


@framework_routes.get("", response_model=list[FrameworkRead])
async def list_frameworks(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    ids: Ids = [],  # noqa: B006 - read only
) -> list[FrameworkRead]:
    """The frameworks, a page at a time; drafts only for who may work on them."""
    found, after = await queries.frameworks(session, principal, ids=ids, page=page)
    link_next(request, response, after)
    return found


@framework_routes.post("", response_model=FrameworkRead, status_code=status.HTTP_201_CREATED)
async def create_framework(
    response: Response, session: Transaction, principal: Acting, new: FrameworkCreate
) -> FrameworkRead:
    """A new draft."""
    framework_id = await commands.create_framework(session, principal, new=new)
    response.headers["Location"] = f"/frameworks/{framework_id}"
    return await _framework(response, session, principal, framework_id)


@framework_routes.get("/{framework_id}", response_model=FrameworkRead)
async def read_framework(
    response: Response, session: Transaction, principal: Acting, framework_id: UUID
) -> FrameworkRead:
    """One framework with its scale."""
    return await _framework(response, session, principal, framework_id)


@framework_routes.patch("/{framework_id}", response_model=FrameworkRead)
async def update_framework(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    framework_id: UUID,
    changes: FrameworkUpdate,
) -> FrameworkRead:
    """Changes a draft, or the wording of what is published."""
    await commands.update_framework(
        session, principal, framework_id=framework_id, expected=expected, changes=changes
    )
    return await _framework(response, session, principal, framework_id)


@framework_routes.post("/{framework_id}/publish", response_model=FrameworkRead)
async def publish_framework(
    response: Response, session: Transaction, principal: Acting, framework_id: UUID
) -> FrameworkRead:
    """The framework is for everybody now."""
    await commands.publish(session, principal, framework_id=framework_id)
    return await _framework(response, session, principal, framework_id)


@framework_routes.post("/{framework_id}/deprecate", response_model=FrameworkRead)
async def deprecate_framework(
    response: Response, session: Transaction, principal: Acting, framework_id: UUID
) -> FrameworkRead:
    """What was said with it stays; nothing new is."""
    await commands.deprecate(session, principal, framework_id=framework_id)
    return await _framework(response, session, principal, framework_id)


@routes.get("", response_model=list[SkillRead])
async def list_skills(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    ids: Ids = [],  # noqa: B006 - read only
    search: Annotated[Search | None, Query(description="A piece of a name or code.")] = None,
    framework_id: Annotated[UUID | None, Query(alias="frameworkId")] = None,
    skill_type: Annotated[SkillType | None, Query(alias="type")] = None,
) -> Sequence[Skill]:
    """The skills, a page at a time, or with `ids` those skills at once."""
    if ids:
        return await queries.skills_of_ids(session, principal, ids)
    found, after = await queries.skills(
        session, principal, search=search, framework_id=framework_id, type=skill_type, page=page
    )
    link_next(request, response, after)
    return found


@routes.post("", response_model=SkillRead, status_code=status.HTTP_201_CREATED)
async def create_skill(
    response: Response, session: Transaction, principal: Acting, new: SkillCreate
) -> Skill:
    """A new skill of a framework."""
    skill_id = await commands.create_skill(session, principal, new=new)
    response.headers["Location"] = f"/skills/{skill_id}"
    return await _skill(response, session, principal, skill_id)


@routes.get("/{skill_id}", response_model=SkillRead)
async def read_skill(
    response: Response, session: Transaction, principal: Acting, skill_id: UUID
) -> Skill:
    """One skill."""
    return await _skill(response, session, principal, skill_id)


@routes.patch("/{skill_id}", response_model=SkillRead)
async def update_skill(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    skill_id: UUID,
    changes: SkillUpdate,
) -> Skill:
    """Changes the wording, the place in the tree, or how fast its evidence ages."""
    await commands.update_skill(
        session, principal, skill_id=skill_id, expected=expected, changes=changes
    )
    return await _skill(response, session, principal, skill_id)


@bulk_routes.post("/frameworks", responses={200: NDJSON}, openapi_extra=BODY)
async def import_frameworks(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Frameworks by their keys, published at once if the line says so."""
    await commands.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=FrameworkRow,
        key=lambda row: row.key,
        apply=partial(framework_importing.apply_frameworks, session, principal),
        dry_run=dry_run,
    )


@bulk_routes.post("/skills", responses={200: NDJSON}, openapi_extra=BODY)
async def import_skills(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Skills by their codes; a parent stands in the same request or is known."""
    await commands.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=SkillRow,
        key=lambda row: row.code,
        apply=partial(importing.apply_skills, session, principal),
        dry_run=dry_run,
    )


async def _framework(
    response: Response, session: Transaction, principal: Acting, framework_id: UUID
) -> FrameworkRead:
    framework = await queries.framework(session, principal, framework_id)
    etag(response, framework.sequence)
    return framework


async def _skill(
    response: Response, session: Transaction, principal: Acting, skill_id: UUID
) -> Skill:
    skill = await queries.skill(session, principal, skill_id)
    etag(response, skill.sequence)
    return skill
