"""Every table of the integrations, for migrations and tests."""

from services.gateway.integrations.connections import models as connections
from services.gateway.integrations.people import models as people
from services.gateway.integrations.tables import Base
from services.gateway.integrations.webhooks import models as webhooks

__all__ = ["Base", "connections", "people", "webhooks"]
