"""The three services, each behind one pooled client."""

from services.gateway.settings import GatewaySettings
from shared.http import ServiceClient

Services = dict[str, ServiceClient]


def of(settings: GatewaySettings) -> Services:
    """Clients by service name; connections are opened when first needed."""
    addresses = {
        "profile": settings.profile_url,
        "goals": settings.goals_url,
        "feedback": settings.feedback_url,
    }
    return {
        name: ServiceClient(url, timeout=settings.service_seconds)
        for name, url in addresses.items()
    }


async def close(clients: Services) -> None:
    for client in clients.values():
        await client.close()
