"""What waits to be sent, once a minute."""

from services.gateway.integrations.backlogs import Backlog
from services.gateway.integrations.outbound import metrics
from services.gateway.integrations.outbound.rules import SEND
from shared.db import Database

BACKLOG = Backlog(SEND, waiting=metrics.BACKLOG, oldest=metrics.OLDEST)


async def measure(database: Database) -> None:
    await BACKLOG.measure(database)
