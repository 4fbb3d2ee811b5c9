"""The committed documents of all interfaces: GraphQL SDL, OpenAPI and AsyncAPI."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.events import Fact, asyncapi
from shared.events.handlers import Handlers
from shared.service import Blueprint

SERVICES = Path(__file__).resolve().parent.parent.parent / "services"
NAMES = ("profile", "goals", "feedback", "gateway")
NOWHERE = {
    "env": "test",
    "nats_url": "nats://127.0.0.1:1",
    "auth_jwks": "nowhere",
    "auth_issuer": "nobody",
    "database_url": "postgresql://nobody@127.0.0.1:1/nothing",
    "seal_key": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
    "cursor_secret": "none",
}


def write_all(*, check: bool) -> list[str]:
    """Writes what differs from the code and returns the names; with `check` only returns them."""
    changed = []
    for path, text in documents().items():
        if not path.exists() or path.read_text() != text:
            changed.append(str(path.relative_to(SERVICES.parent)))
            if not check:
                path.write_text(text)
    return changed


def documents() -> dict[Path, str]:
    """Every committed document as the code says it should be."""
    schema = import_module("services.gateway.schema")
    found = {SERVICES / "gateway" / "schema.graphql": schema.sdl(schema.build())}
    facts: list[type[Fact]] = []
    for name in NAMES:
        module = import_module(f"services.{name}.app")
        app = module.create_app(module.SETTINGS(**NOWHERE))
        blueprint: Blueprint = app.state.service.blueprint
        facts += blueprint.facts
        openapi = app.openapi()
        if name == "gateway":
            openapi = _with_webhooks(openapi, facts, found)
        found[SERVICES / name / "openapi.json"] = _spelled(openapi)
        handlers = blueprint.handlers or Handlers(blueprint.name)
        found[SERVICES / name / "asyncapi.json"] = _spelled(asyncapi(handlers, blueprint.facts))
    return found


def _with_webhooks(
    openapi: dict[str, Any], facts: list[type[Fact]], found: dict[Path, str]
) -> dict[str, Any]:
    """The gateway tells of facts of services whose code it does not have: their shapes are committed beside it."""
    outbound = import_module("services.gateway.integrations.outbound.openapi")
    payloads = outbound.payloads(facts)
    found[outbound.FILE] = _spelled(payloads)
    described: dict[str, Any] = outbound.with_webhooks(openapi, payloads)
    return described


def _spelled(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
