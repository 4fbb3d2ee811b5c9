"""The job that turns stored deliveries into facts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import commands, settling
from shared import jobs
from shared.db import Database
from shared.jobs import Job, Jobs, Lane
from shared.retention import Retention
from shared.tenancy import Principal

MOST_ATTEMPTS = 5
AT_ONCE = 50


def add_jobs(registry: Jobs, vault: Vault, retention: Retention) -> None:
    """Adds the mapping of deliveries to the integrations' jobs: many of a tenant in one transaction."""

    async def map_deliveries(database: Database, held: Sequence[Job]) -> None:
        tenant_id = held[0].tenant_id
        assert tenant_id is not None
        principal = Principal.system(tenant_id, f"{registry.service}.{commands.MAP}")
        await settle(database, principal, vault, held)
        await retention.plan(database, tenant_id)

    registry.add(
        Lane(
            commands.MAP,
            map_deliveries,
            size=AT_ONCE,
            at_once=4,
            per_tenant=1,
            most_attempts=None,
            finishes_itself=True,
        )
    )


async def settle(
    database: Database, principal: Principal, vault: Vault, held: Sequence[Job]
) -> None:
    """A database that is away is waited for; anything else buries the delivery after the last attempt.

    What failed with others is tried again alone.
    """
    delivery_ids = [UUID(job.arguments["id"]) for job in held]
    try:
        async with database.transaction(principal.tenant_id) as session:
            await settling.settle(session, principal, vault, delivery_ids=delivery_ids)
            await jobs.done(session, held)
    except (DBAPIError, PoolTimeout, OSError):
        raise
    except Exception as error:
        if held[0].attempt < MOST_ATTEMPTS:
            raise
        async with database.transaction(principal.tenant_id) as session:
            for delivery_id in delivery_ids:
                await settling.bury(session, delivery_id=delivery_id, error=error)
            await jobs.done(session, held)
