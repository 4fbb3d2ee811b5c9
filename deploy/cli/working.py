"""`waymark jobs`: the queues of the services, over all tenants or for one."""

import asyncio
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli import reaching
from deploy.cli.output import write_json, write_table
from deploy.local.problems import Refused
from shared.jobs import upkeep
from shared.jobs.upkeep import JobState

COLUMNS = ("service", "id", "name", "state", "attempts", "reason", "due_at", "tenant_id")


class NoSuchJob(Refused):
    """This service has no failed job of that id."""


def show_all(
    service: str | None,
    state: JobState | None,
    *,
    name: str | None,
    tenant_id: UUID | None,
    as_json: bool,
) -> None:
    found = asyncio.run(_all(service, state, name, tenant_id))
    if as_json:
        write_json(found)
    else:
        write_table(found, COLUMNS, none="No jobs.")


def retry(service: str, job_ids: list[UUID], *, as_json: bool) -> None:
    """All that failed when none is named. Raises `NoSuchJob`."""
    done = asyncio.run(_change(service, job_ids, retrying=True))
    _tell(done, "due again", as_json=as_json)


def drop(service: str, job_ids: list[UUID], *, as_json: bool) -> None:
    """Raises `NoSuchJob`."""
    _tell(asyncio.run(_change(service, job_ids, retrying=False)), "dropped", as_json=as_json)


def _tell(done: list[UUID], what: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"jobs": done})
    else:
        print("\n".join(f"{job_id} {what}" for job_id in done) or "No failed jobs.")


async def _all(
    only: str | None, state: JobState | None, name: str | None, tenant_id: UUID | None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in reaching.services(only):
        async with (
            reaching.service(each) as service,
            AsyncSession(service.database.engine) as session,
        ):
            after = None
            while True:
                page, after = await upkeep.page(
                    session, tenant_id=tenant_id, state=state, name=name, after=after, limit=500
                )
                found += [{"service": each, **asdict(job)} for job in page]
                if after is None:
                    break
    return found


async def _change(name: str, job_ids: list[UUID], *, retrying: bool) -> list[UUID]:
    change = upkeep.retry if retrying else upkeep.drop
    async with reaching.service(name) as service, AsyncSession(service.database.engine) as session:
        if not job_ids:
            failed, _ = await upkeep.page(
                session, tenant_id=None, state=JobState.FAILED, limit=10_000
            )
            job_ids = [job.id for job in failed]
        for job_id in job_ids:
            if not await change(session, job_id, tenant_id=None):
                raise NoSuchJob(f"{name} has no failed job {job_id}; nothing was changed.")
        await session.commit()
    return job_ids
