"""What waits to be asked for, once a minute."""

from services.gateway.integrations.backlogs import Backlog
from services.gateway.integrations.fetching import metrics
from services.gateway.integrations.webhooks.fetching import FETCH
from shared.db import Database

BACKLOG = Backlog(FETCH, waiting=metrics.BACKLOG, oldest=metrics.OLDEST)


async def measure(database: Database) -> None:
    await BACKLOG.measure(database)
