"""How many deliveries came in, and what became of them."""

from prometheus_client import Counter

DELIVERIES = Counter("waymark_webhook_deliveries_total", "Deliveries by outcome.", ["outcome"])


def counted(outcome: str) -> None:
    DELIVERIES.labels(outcome.lower()).inc()
