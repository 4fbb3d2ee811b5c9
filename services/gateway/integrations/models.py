"""Every table of the integrations, for migrations and tests."""

from services.gateway.integrations.connections import models as connections
from services.gateway.integrations.fetching import models as fetching
from services.gateway.integrations.outbound import models as outbound
from services.gateway.integrations.people import models as people
from services.gateway.integrations.subscriptions import models as subscriptions
from services.gateway.integrations.tables import Base
from services.gateway.integrations.webhooks import models as webhooks

__all__ = ["Base", "connections", "fetching", "outbound", "people", "subscriptions", "webhooks"]
