"""Of every fact that a service publishes somebody has decided whether it may leave."""

import json
from importlib import import_module

from deploy.cli.schema import NAMES, NOWHERE, SERVICES
from services.gateway.integrations.subscriptions.catalogue import CATALOGUE
from services.gateway.integrations.subscriptions.rules import PING
from services.gateway.integrations.webhooks.events import FACTS as CANONICAL

ERASURE = {"waymark.profile.erasure.ordered.v1"} | {
    f"waymark.{service}.erasure.receipted.v1"
    for service in ("profile", "goals", "feedback", "integrations")
}
ASSESSMENTS = {
    f"waymark.profile.assessment.{verb}.v1"
    for verb in ("assigned", "started", "submitted", "scored", "expired", "cancelled")
}
INTERNAL = {fact.event_type for fact in CANONICAL} | ERASURE | ASSESSMENTS
"""What other systems said, before Waymark has made something of it; how the services agree on an erasure; and who takes
which instrument, which is nobody else's business."""


def test_every_fact_is_in_the_catalogue_or_internal() -> None:
    said = set()
    for name in NAMES:
        module = import_module(f"services.{name}.app")
        app = module.create_app(module.SETTINGS(**NOWHERE))
        said |= {fact.event_type for fact in app.state.service.blueprint.facts}

    assert said - INTERNAL == set(CATALOGUE)
    assert not INTERNAL & set(CATALOGUE)


def test_the_gateways_document_describes_each_of_them() -> None:
    document = json.loads((SERVICES / "gateway" / "openapi.json").read_text())
    text = json.dumps(document["webhooks"])

    assert document["openapi"].startswith("3.1")
    assert set(document["webhooks"]) == {*CATALOGUE, PING}
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]
