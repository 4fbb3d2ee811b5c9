"""What a mapper makes of a payload, in a form that compares well."""

import json
from datetime import UTC, datetime
from typing import Any

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.webhooks.mapping import MAPPERS, Origin
from shared.ids import new_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = Origin(new_id(), new_id(), "Acme", NOW, NOW, course_provider="academy")


def mapped(vendor: Vendor, told: Any) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return MAPPERS[vendor](body, ORIGIN)


def facts(vendor: Vendor, told: Any) -> list[tuple[str, dict[str, Any]]]:
    """Without what they all have in common, and without what is not told."""
    shown = []
    for fact in mapped(vendor, told).facts:
        members = fact.model_dump(mode="json", by_alias=True, exclude_none=True)
        assert members.pop("connectionId") == str(ORIGIN.connection_id)
        assert members.pop("deliveryId") == str(ORIGIN.delivery_id)
        assert members.pop("system") == "Acme"
        shown.append((fact.event_type, members))
    return shown


def course(code: str) -> dict[str, str]:
    return {"provider": "academy", "code": code}
