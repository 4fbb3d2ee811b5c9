"""Sealing the fields of a fact that say so, and opening them for who has the keys."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.facts import Envelope, Fact
from shared.sealing import Unsealable, keys_of
from shared.sealing.fields import SealedField, fields_in, reading, seals, unseals, writing
from shared.sealing.vault import Vault


async def keys_for(session: AsyncSession, facts: Iterable[Fact]) -> Mapping[UUID, Vault]:
    """Of everybody whom one of the facts is sealed for. Raises `KeyDestroyed`, `NoKeys`."""
    people = {_person(fact) for fact in facts if seals(type(fact))}
    return await keys_of(session).make(session, people) if people else {}


def written(fact: Fact, event_id: UUID, tenant_id: UUID, keys: Mapping[UUID, Vault]) -> str:
    """The fact as JSON; what is sealed in it opens in this event alone."""
    if not seals(type(fact)):
        return fact.model_dump_json(by_alias=True)
    person_id = _person(fact)

    def seal(name: str, content: bytes) -> SealedField:
        sealed = keys[person_id].seal(content, bound_to=_place(tenant_id, event_id, name))
        return SealedField(person_id=person_id, sealed=base64.b64encode(sealed).decode())

    return fact.model_dump_json(by_alias=True, context=writing(seal))


async def context(
    session: AsyncSession, event: Envelope, model: type[BaseModel]
) -> dict[str, Any] | None:
    """What the model needs to read the event; without sealed fields nothing is looked up. Raises `NoKeys`."""
    if not unseals(model):
        return None
    people = {each.person_id for each in fields_in(json.loads(event.body))}
    keys = await keys_of(session).of(session, people)

    def opened(name: str, field: SealedField) -> bytes | None:
        place = _place(event.tenant_id, event.id, name)
        try:
            return keys[field.person_id].open(base64.b64decode(field.sealed), bound_to=place)
        except (KeyError, Unsealable, binascii.Error):
            return None

    return reading(opened)


def _person(fact: Fact) -> UUID:
    person_id: UUID = getattr(fact, fact.sealed_for)
    return person_id


def _place(tenant_id: UUID, event_id: UUID, name: str) -> bytes:
    return tenant_id.bytes + event_id.bytes + name.encode()
