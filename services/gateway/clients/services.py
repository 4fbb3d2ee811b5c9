"""The three services, each behind one pooled client."""

from functools import partial

from services.gateway.clients.gathering import Gathering
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


def gatherings(clients: Services, settings: GatewaySettings) -> dict[str, Gathering]:
    """The ways to their views, by service name."""
    seconds, most = settings.service_seconds, settings.calls_alike
    return {
        name: Gathering(name, partial(clients.__getitem__, name), seconds=seconds, most=most)
        for name in clients
    }


async def close(clients: Services) -> None:
    for client in clients.values():
        await client.close()
