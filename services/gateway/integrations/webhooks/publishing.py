"""The job that turns stored deliveries into facts."""

from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import commands, settling
from shared.db import Database
from shared.jobs import Job, Jobs
from shared.retention import Retention
from shared.tenancy import Principal

MOST_ATTEMPTS = 5


def add_jobs(registry: Jobs, vault: Vault, retention: Retention) -> None:
    """Adds the mapping of deliveries to the integrations' jobs."""

    @registry.job(commands.MAP, at_once=8, most_attempts=None)
    async def map_delivery(database: Database, principal: Principal, job: Job) -> None:
        await settle(database, principal, vault, job)
        await retention.plan(database, principal.tenant_id)


async def settle(database: Database, principal: Principal, vault: Vault, job: Job) -> None:
    """A database that is away is waited for; anything else buries the delivery after the last attempt."""
    delivery_id = UUID(job.arguments["id"])
    try:
        async with database.transaction(principal.tenant_id) as session:
            await settling.settle(session, principal, vault, delivery_id=delivery_id)
    except (DBAPIError, PoolTimeout, OSError):
        raise
    except Exception as error:
        if job.attempt < MOST_ATTEMPTS:
            raise
        async with database.transaction(principal.tenant_id) as session:
            await settling.bury(session, delivery_id=delivery_id, error=error)
