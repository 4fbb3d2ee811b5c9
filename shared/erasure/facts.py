"""Who is to be erased, what is about them, and what a service says once it has."""

import json
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.events.facts import Envelope, Fact, Payload

OF_PERSON = ("personId", "employeeId")
EXTERNAL_ID = "externalId"


class Identifier(BaseModel):
    """How another system calls the person."""

    model_config = ConfigDict(frozen=True)
    system: str
    value: str


class Subject(BaseModel):
    """The person to erase. `texts` name nobody else: work e-mail and sign-in name, in lower case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)
    person_id: UUID
    texts: frozenset[str] = frozenset()
    identifiers: frozenset[Identifier] = frozenset()

    def needles(self) -> list[str]:
        """One of these stands, in lower case, in whatever is about the person; perhaps in other things too."""
        return sorted({*self.own_needles(), *(each.value.lower() for each in self.identifiers)})

    def own_needles(self) -> list[str]:
        """Those that stand for nothing else."""
        return sorted({str(self.person_id), *self.texts})

    def is_in(self, payload: Any, *, of: str = "") -> bool:
        """Whether a fact of subject `of` is about the person, and not only of somebody who works with them."""
        person = str(self.person_id)
        if of == person:
            return True
        if not isinstance(payload, dict):
            return False
        if any(payload.get(name) == person for name in OF_PERSON):
            return True
        return self._named_in(payload, str(payload.get("system") or ""))

    def event_is_about(self, event: Envelope) -> bool:
        lower = event.body.decode(errors="replace").lower()
        if event.subject != str(self.person_id) and not any(n in lower for n in self.needles()):
            return False
        try:
            payload = json.loads(event.body)
        except ValueError:
            return True
        return self.is_in(payload, of=event.subject)

    def _named_in(self, part: Any, system: str) -> bool:
        match part:
            case str():
                return part.lower() in self.texts
            case dict():
                value = part.get(EXTERNAL_ID)
                if value and Identifier(system=system, value=str(value)) in self.identifiers:
                    return True
                return any(self._named_in(each, system) for each in part.values())
            case list():
                return any(self._named_in(each, system) for each in part)
        return False


class ErasureOrdered(Payload):
    """Profile's `waymark.profile.erasure.ordered.v1`; it leaves the stream when all have obeyed."""

    erasure_id: UUID
    person: Subject


class Receipt(Fact):
    """`rows` and `events` were removed from tables and from the stream; of the person's key, when it was destroyed."""

    erasure_id: UUID
    service: str
    rows: int
    events: int
    key_destroyed_at: AwareDatetime | None


class Receipted(Payload):
    """What profile reads of a receipt."""

    erasure_id: UUID
    service: str
    rows: int
    events: int
    key_destroyed_at: AwareDatetime | None = None
