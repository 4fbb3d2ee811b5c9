"""How long relayed events of the outbox are kept, and in the inbox the ids of events that were applied."""

from datetime import timedelta

from shared import retention
from shared.retention import Kind

PURGE = "events.purge"


class Retention(retention.Retention):
    """What has not been relayed stays; a dead letter has its event in a table of its own, which is not purged."""

    def __init__(
        self, *, outbox: timedelta = timedelta(days=7), inbox: timedelta = timedelta(days=30)
    ) -> None:
        kinds = (
            Kind("outbox", "outbox_event", outbox, _OUTBOX),
            Kind("inbox", "inbox_event", inbox, _INBOX),
        )
        super().__init__(PURGE, kinds)


_OUTBOX = """
    DELETE FROM outbox_event WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM outbox_event
        WHERE id < :oldest AND relayed_at IS NOT NULL ORDER BY id LIMIT :rows
    ) RETURNING 1
"""

_INBOX = """
    DELETE FROM inbox_event WHERE (tenant_id, consumer, event_id) IN (
        SELECT tenant_id, consumer, event_id FROM inbox_event
        WHERE event_id < :oldest LIMIT :rows
    ) RETURNING 1
"""
