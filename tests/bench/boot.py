"""From start to ready: one more process of each kind, on ports of its own, one after the other."""

from deploy.local.installation import Installation
from deploy.local.processes import free_ports
from tests.bench.recording import another


async def seconds(made: Installation) -> dict[str, float]:
    """By the process's name; the others run meanwhile, so that databases and broker are there."""
    return {name: await _seconds(made, name) for name in made.doors}


async def _seconds(made: Installation, name: str) -> float:
    service, _, role = name.partition("-")
    port, metrics = free_ports(2)
    settings = {
        f"{service.upper()}_PORT": str(port),
        f"{service.upper()}_METRICS_PORT": str(metrics),
    }
    door = f"http://127.0.0.1:{port if role == 'api' else metrics}"
    async with another(made, name, settings, door) as took:
        return took
