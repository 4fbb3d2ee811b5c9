"""What an operator sees of outbound webhooks."""

from prometheus_client import Counter, Gauge, Histogram

ATTEMPTS = Counter(
    "waymark_webhooks_sent", "Attempts by outcome, DELIVERED among them", ["service", "outcome"]
)
GIVEN_UP = Counter("waymark_webhooks_failed", "Deliveries given up", ["service"])
DISABLED = Counter("waymark_webhooks_disabled", "Subscriptions disabled", ["service", "reason"])
LAG = Histogram(
    "waymark_webhooks_lag_seconds",
    "From the fact to its delivery",
    ["service"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 86400, 432000),
)
BACKLOG = Gauge("waymark_webhooks_backlog", "Deliveries that wait for an active subscription")
OLDEST = Gauge("waymark_webhooks_oldest_seconds", "Age of the oldest fact among them")
