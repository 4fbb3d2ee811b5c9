"""The doors of associations and migrations."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.crosswalks import associating, migrating, queries
from services.profile.crosswalks.models import FrameworkMigration, SkillAssociation
from services.profile.crosswalks.schemas import (
    AssociationCreate,
    AssociationRead,
    AssociationRow,
    MigrationRead,
    MigrationReport,
    MigrationStart,
    MigrationWanted,
)
from services.profile.people.unit_routes import BODY, NDJSON, DryRun
from services.profile.skills import commands as frameworks
from shared import bulk
from shared.door import Acting, Transaction, router

routes = router("/associations", "associations")
migration_routes = router("/frameworks", "frameworks")
bulk_routes = router("/imports", "imports")


@routes.get("", response_model=list[AssociationRead])
async def list_associations(
    session: Transaction, principal: Acting, skill_id: Annotated[UUID, Query(alias="skillId")]
) -> Sequence[SkillAssociation]:
    """How a skill relates to others, in either direction."""
    return await queries.associations(session, principal, skill_id=skill_id)


@routes.post("", response_model=AssociationRead, status_code=status.HTTP_201_CREATED)
async def associate(
    session: Transaction, principal: Acting, new: AssociationCreate
) -> SkillAssociation:
    """Relates two skills."""
    return await associating.associate(session, principal, new=new)


@routes.delete("/{association_id}", status_code=status.HTTP_204_NO_CONTENT)
async def dissociate(session: Transaction, principal: Acting, association_id: UUID) -> None:
    """Takes an association away."""
    await associating.dissociate(session, principal, association_id=association_id)


@migration_routes.post("/{framework_id}/migrations/preview", response_model=MigrationReport)
async def preview_migration(
    session: Transaction, principal: Acting, framework_id: UUID, wanted: MigrationWanted
) -> MigrationReport:
    """What moving all evidence to another framework would do, skill by skill; nothing is written."""
    return await queries.preview(session, principal, framework_id=framework_id, wanted=wanted)


@migration_routes.post(
    "/{framework_id}/migrations", response_model=MigrationRead, status_code=status.HTTP_202_ACCEPTED
)
async def start_migration(
    response: Response,
    session: Transaction,
    principal: Acting,
    framework_id: UUID,
    wanted: MigrationStart,
) -> FrameworkMigration:
    """Deprecates the framework and moves its evidence, by a job."""
    migration_id = await migrating.start(
        session, principal, framework_id=framework_id, wanted=wanted
    )
    response.headers["Location"] = f"/frameworks/migrations/{migration_id}"
    return await queries.migration(session, principal, migration_id)


@migration_routes.get("/migrations/{migration_id}", response_model=MigrationRead)
async def read_migration(
    session: Transaction, principal: Acting, migration_id: UUID
) -> FrameworkMigration:
    """How far a migration is."""
    return await queries.migration(session, principal, migration_id)


@migration_routes.get("/{framework_id}/migrations", response_model=list[MigrationRead])
async def list_migrations(
    session: Transaction, principal: Acting, framework_id: UUID
) -> Sequence[FrameworkMigration]:
    """The migrations from a framework, the newest first."""
    return await queries.migrations(session, principal, framework_id=framework_id)


@bulk_routes.post("/skill-associations", responses={200: NDJSON}, openapi_extra=BODY)
async def import_associations(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Associations by the codes of their skills, which must be known."""
    await frameworks.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=AssociationRow,
        key=lambda row: row.key,
        apply=partial(associating.apply_associations, session, principal),
        dry_run=dry_run,
    )
