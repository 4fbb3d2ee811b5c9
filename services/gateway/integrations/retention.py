"""How long what has come in and gone out is kept. What waits, is held or dead stays until somebody decides."""

from dataclasses import dataclass
from datetime import timedelta

from shared.retention import Kind, Retention

PURGE = "integrations.purge"


@dataclass(frozen=True, slots=True)
class Kept:
    """Since when it is settled; for `outbound`, since the fact."""

    deliveries: timedelta = timedelta(days=30)
    fetch_backs: timedelta = timedelta(days=30)
    reconciliations: timedelta = timedelta(days=90)
    outbound: timedelta = timedelta(days=30)


def retention(kept: Kept) -> Retention:
    """Deliveries that nobody would be sent go before their facts, so that the facts go with them."""
    return Retention(
        PURGE,
        (
            Kind("deliveries", "webhooks_delivery", kept.deliveries, _DELIVERIES),
            Kind("fetch_backs", "webhooks_fetch_back", kept.fetch_backs, _FETCH_BACKS),
            Kind("reconciliations", "fetching_reconciliation", kept.reconciliations, _RUNS),
            Kind("vanished", "fetching_listed", kept.reconciliations, _VANISHED),
            Kind("outbound_unsent", "outbound_event", kept.outbound, _UNSENT),
            Kind("outbound_facts", "outbound_event", kept.outbound, _FACTS),
        ),
    )


_DELIVERIES = """
    DELETE FROM webhooks_delivery WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM webhooks_delivery
        WHERE id < :oldest AND settled_at < :before
          AND state IN ('PUBLISHED', 'ASKED', 'STALE', 'IGNORED', 'REJECTED')
        ORDER BY id LIMIT :rows
    ) RETURNING 1
"""

_FETCH_BACKS = """
    DELETE FROM webhooks_fetch_back WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM webhooks_fetch_back
        WHERE id < :oldest AND coalesce(settled_at, decided_at) < :before
          AND state IN ('DONE', 'GONE', 'REJECTED')
        ORDER BY id LIMIT :rows
    ) RETURNING 1
"""

# Not a connection's last one, and one that is held only once a later one has come to an end.
_RUNS = """
    DELETE FROM fetching_reconciliation WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM fetching_reconciliation AS run
        WHERE id < :oldest AND finished_at < :before AND state IN ('DONE', 'FAILED', 'HELD')
          AND EXISTS (SELECT FROM fetching_reconciliation AS later
                      WHERE later.tenant_id = run.tenant_id AND later.id > run.id
                        AND later.connection_id = run.connection_id
                        AND (run.state <> 'HELD' OR later.state IN ('DONE', 'HELD')))
        ORDER BY id LIMIT :rows
    ) RETURNING 1
"""

_VANISHED = """
    DELETE FROM fetching_listed WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM fetching_listed WHERE gone_at < :before LIMIT :rows
    ) RETURNING 1
"""

# An active subscription's are sent or given up within days; a paused or disabled one has been so all the while.
_UNSENT = """
    DELETE FROM outbound_delivery WHERE (tenant_id, id) IN (
        SELECT delivery.tenant_id, delivery.id
        FROM outbound_delivery AS delivery
        JOIN outbound_event AS event
          ON event.tenant_id = delivery.tenant_id AND event.id = delivery.event_id
        JOIN subscriptions_subscription AS subscription
          ON subscription.tenant_id = delivery.tenant_id
         AND subscription.id = delivery.subscription_id
        WHERE event.occurred_at < :before AND delivery.state = 'WAITING'
          AND subscription.state <> 'ACTIVE'
        LIMIT :rows
    ) RETURNING 1
"""

# Their deliveries and attempts go with them.
_FACTS = """
    DELETE FROM outbound_event WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM outbound_event AS event
        WHERE occurred_at < :before
          AND NOT EXISTS (SELECT FROM outbound_delivery AS delivery
                          WHERE delivery.tenant_id = event.tenant_id
                            AND delivery.event_id = event.id AND delivery.state = 'WAITING')
        ORDER BY occurred_at LIMIT :rows
    ) RETURNING 1
"""
