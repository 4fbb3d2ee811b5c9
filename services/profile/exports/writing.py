"""Writing an export, in a job: as the person, so that what is theirs alone is seen and nothing else."""

import base64
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.exports.events import ExportReady
from services.profile.exports.gathering import about, redacted
from services.profile.exports.models import Export
from services.profile.exports.registry import EXPORTERS
from services.profile.exports.rules import LASTS, manifest_of, packed, spelled
from services.profile.reactions import jobs as profile_jobs
from shared import clock, jobs
from shared.db import Database
from shared.events import publish
from shared.jobs import Job
from shared.sealing import KeyDestroyed
from shared.tenancy import Principal

WRITE, EXPIRE = "exports.write", "exports.expire"
AS_PERSON = text("SELECT set_config('app.person', :person, true)")


@profile_jobs.job(WRITE, at_once=2)
async def write(database: Database, principal: Principal, job: Job) -> None:
    """Writes what was ordered."""
    arguments = job.arguments
    export_id, person_id = UUID(arguments["id"]), UUID(arguments["person"])
    async with database.transaction(principal.tenant_id) as session:
        await prepare(session, principal, export_id=export_id, person_id=person_id)


async def prepare(
    session: AsyncSession, principal: Principal, *, export_id: UUID, person_id: UUID
) -> None:
    """Writes the files and says that they are ready; nothing when that is done already or the person is erased."""
    await session.execute(AS_PERSON, {"person": str(person_id)})
    wanted = select(Export).where(Export.id == export_id, Export.ready_at.is_(None))
    export = await session.scalar(wanted.with_for_update())
    if export is None:
        return
    of = await about(session, principal.tenant_id, person_id)
    now = clock.now()
    found = await redacted(of, {each.name: await each.write(of) for each in EXPORTERS})
    files = {name: spelled(entries) for name, entries in found.items()}
    counts = {name: len(entries) for name, entries in found.items()}
    manifest = manifest_of(files, counts, person_id=person_id, made_at=now)
    whole = base64.b64encode(packed(files, manifest)).decode()
    try:
        export.archive = await of.keys.seal(session, person_id, whole, bound_to=export_id.bytes)
    except KeyDestroyed:
        return
    export.manifest, export.ready_at, export.expires_at = manifest, now, now + LASTS
    fact = ExportReady(
        export_id=export_id, person_id=person_id, ready_at=now, expires_at=now + LASTS
    )
    await publish(session, principal, fact, subject=export_id, sequence=1)
    await jobs.enqueue(
        session,
        principal,
        name=EXPIRE,
        arguments={"id": str(export_id), "person": str(person_id)},
        delay=LASTS + timedelta(seconds=1),
    )


@profile_jobs.job(EXPIRE, at_once=2)
async def expire(database: Database, principal: Principal, job: Job) -> None:
    """The files go; that there was an export stays."""
    async with database.transaction(principal.tenant_id) as session:
        await session.execute(AS_PERSON, {"person": job.arguments["person"]})
        await session.execute(
            update(Export)
            .where(Export.id == UUID(job.arguments["id"]), Export.expires_at <= clock.now())
            .values(archive=None)
        )
