"""Of every fact that a service publishes somebody has decided whether it may leave."""

import json
from importlib import import_module

from deploy.cli.schema import NAMES, NOWHERE, SERVICES
from services.gateway.integrations.subscriptions.catalogue import CATALOGUE, Leaves
from services.gateway.integrations.subscriptions.rules import PING
from services.gateway.integrations.webhooks.events import FACTS as CANONICAL
from shared.events import Fact
from shared.sealing.fields import seals

ERASURE = {"waymark.profile.erasure.ordered.v1"} | {
    f"waymark.{service}.erasure.receipted.v1"
    for service in ("profile", "goals", "feedback", "integrations")
}
ASPIRATIONS = {f"waymark.profile.aspiration.{verb}.v1" for verb in ("declared", "withdrawn")}
ASSESSMENTS = {
    f"waymark.profile.assessment.{verb}.v1"
    for verb in ("assigned", "started", "submitted", "scored", "expired", "cancelled")
}
NETWORKS = {
    f"waymark.profile.{each}.v1"
    for each in (
        "follow_up.planned",
        "follow_up.settled",
        "introduction.asked",
        "introduction.offered",
        "introduction.settled",
    )
}
INTERNAL = {fact.event_type for fact in CANONICAL} | ERASURE | ASPIRATIONS | ASSESSMENTS | NETWORKS
"""What other systems said, before Waymark has made something of it; how services agree on an erasure; where somebody
wants to be, which was told for matching inside Waymark; who takes which instrument, and whom somebody asks to meet or
wants to call again, which is nobody's business."""


def facts() -> set[type[Fact]]:
    said: set[type[Fact]] = set()
    for name in NAMES:
        module = import_module(f"services.{name}.app")
        app = module.create_app(module.SETTINGS(**NOWHERE))
        said |= set(app.state.service.blueprint.facts)
    return said


def test_every_fact_is_in_the_catalogue_or_internal() -> None:
    said = {fact.event_type for fact in facts()}

    assert said - INTERNAL == set(CATALOGUE)
    assert not INTERNAL & set(CATALOGUE)


def test_of_a_fact_with_sealed_fields_only_the_news_leaves() -> None:
    for fact in facts():
        if seals(fact):
            assert CATALOGUE.get(fact.event_type) is not Leaves.FULL, fact


def test_the_gateways_document_describes_each_of_them() -> None:
    document = json.loads((SERVICES / "gateway" / "openapi.json").read_text())
    text = json.dumps(document["webhooks"])

    assert document["openapi"].startswith("3.1")
    assert set(document["webhooks"]) == {*CATALOGUE, PING}
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]
