"""What a fact is about, as one id: the same for every word of one connection about one thing."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from services.gateway.integrations.webhooks import events
from services.gateway.integrations.webhooks.events import PersonReference, Said
from services.gateway.integrations.webhooks.rules import ThingKind


def kind_of(fact: Said) -> ThingKind:
    match fact:
        case events.LearningEnrolled() | events.LearningCompleted():
            return ThingKind.LEARNING
        case events.CredentialIssued() | events.CredentialExpired() | events.CredentialRevoked():
            return ThingKind.CREDENTIAL
        case events.PersonUpserted() | events.PersonTerminated():
            return ThingKind.PERSON
        case events.EmploymentChanged():
            return ThingKind.EMPLOYMENT
        case events.OrgUnitChanged():
            return ThingKind.ORG_UNIT
    raise TypeError(f"{type(fact).__name__} is about nothing known.")


def id_of(fact: Said) -> UUID:
    parts = (kind_of(fact).value, fact.system, *_names(fact))
    return uuid5(fact.connection_id, "".join(f"{len(part)}:{part}" for part in parts))


def is_departure(fact: Said) -> bool:
    if isinstance(fact, events.PersonUpserted):
        return fact.status == "TERMINATED"
    return isinstance(fact, events.PersonTerminated)


def fingerprint_of(fact: Said) -> bytes:
    """The same for words that say the same, whenever and through whichever delivery they came."""
    members: dict[str, Any] = fact.model_dump(
        mode="json", exclude={"connection_id", "delivery_id", "said_at"}
    )
    if isinstance(fact, events.PersonTerminated):
        members["person"] = _person(fact.person)
    told = json.dumps([type(fact).__name__, str(id_of(fact)), members], sort_keys=True)
    return hashlib.sha256(told.encode()).digest()


def _names(fact: Said) -> Sequence[str]:
    match fact:
        case events.LearningEnrolled() | events.LearningCompleted():
            return (_person(fact.person), fact.course.provider or "", fact.course.code)
        case events.CredentialIssued() | events.CredentialExpired() | events.CredentialRevoked():
            told = fact.credential
            by_name = f"{told.type}/{told.issuer or ''}/{told.name}"
            return (_person(fact.person), told.external_id or by_name)
        case events.PersonUpserted() | events.PersonTerminated() | events.EmploymentChanged():
            return (_person(fact.person),)
        case events.OrgUnitChanged():
            return (fact.key,)
    raise TypeError(f"{type(fact).__name__} is about nothing known.")


def _person(told: PersonReference) -> str:
    if told.external_id is not None:
        return told.external_id
    return f"mailto:{(told.email or '').lower()}"
