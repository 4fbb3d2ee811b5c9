"""What a service says, what another one reads of it, and the CloudEvents 1.0 envelope between them."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, Self, TypeAlias, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.sealing.fields import seals

TYPE = re.compile(r"waymark\.(?P<service>[a-z0-9_]+)\.[a-z0-9_]+\.[a-z0-9_]+\.v[0-9]+")


class Fact(BaseModel):
    """A fact in the past tense: `class GoalCompleted(Fact, type="waymark.goals.goal.completed.v1")`.

    With `sealed_for="person_id"` it may have fields such as `text: Sealed[str]`: sealed with that person's key.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )
    event_type: ClassVar[str] = ""
    sealed_for: ClassVar[str] = ""

    def __init_subclass__(cls, *, type: str = "", sealed_for: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if type and not TYPE.fullmatch(type):
            raise ValueError(f"{type!r} is not waymark.<service>.<aggregate>.<past verb>.v<n>.")
        cls.event_type = type or cls.event_type
        cls.sealed_for = sealed_for or cls.sealed_for

    @classmethod
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        if seals(cls) and cls.sealed_for not in cls.model_fields:
            raise TypeError(f"{cls.__name__} seals fields: name its person in sealed_for=.")


class Payload(BaseModel):
    """The fields that a consumer reads of somebody else's fact; what it does not name is ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )


P = TypeVar("P", bound=BaseModel)
ModelClass: TypeAlias = type[P]


@dataclass(frozen=True, slots=True)
class Incoming(Generic[P]):
    """An event as its handler sees it, with its envelope."""

    id: UUID
    type: str
    subject: str
    sequence: int | None
    occurred_at: datetime
    tenant_id: UUID
    payload: P


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event on its way: CloudEvents attributes in headers (binary mode), the payload as the JSON body."""

    id: UUID
    type: str
    subject: str
    sequence: int | None
    occurred_at: datetime
    tenant_id: UUID
    traceparent: str | None
    body: bytes

    @property
    def broker_subject(self) -> str:
        """`<type>.<tenant>`: a consumer filters by type, a replay also by tenant."""
        return f"{self.type}.{self.tenant_id}"

    def headers(self) -> dict[str, str]:
        attributes = {
            "specversion": "1.0",
            "id": str(self.id),
            "type": self.type,
            "source": f"/waymark/{service_of(self.type)}",
            "subject": self.subject,
            "time": self.occurred_at.isoformat(),
            "tenant": str(self.tenant_id),
            "sequence": None if self.sequence is None else str(self.sequence),
            "traceparent": self.traceparent,
        }
        named = {f"ce-{name}": value for name, value in attributes.items() if value is not None}
        return {"Content-Type": "application/json", **named}

    @classmethod
    def read(cls, headers: Mapping[str, str], body: bytes) -> Self:
        """Raises `KeyError` or `ValueError` on what is not one of our events."""
        sequence = headers.get("ce-sequence")
        return cls(
            id=UUID(headers["ce-id"]),
            type=headers["ce-type"],
            subject=headers["ce-subject"],
            sequence=None if sequence is None else int(sequence),
            occurred_at=datetime.fromisoformat(headers["ce-time"]),
            tenant_id=UUID(headers["ce-tenant"]),
            traceparent=headers.get("ce-traceparent"),
            body=body,
        )

    def incoming(
        self, model: "ModelClass[P]", context: dict[str, Any] | None = None
    ) -> Incoming[P]:
        """Raises pydantic's `ValidationError` when the payload lacks what the consumer reads."""
        return Incoming(
            id=self.id,
            type=self.type,
            subject=self.subject,
            sequence=self.sequence,
            occurred_at=self.occurred_at,
            tenant_id=self.tenant_id,
            payload=model.model_validate_json(self.body, context=context),
        )


class _Ordered(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def subject(self) -> str: ...
    @property
    def sequence(self) -> int | None: ...


E = TypeVar("E", bound=_Ordered)


def in_order(events: Sequence[E]) -> list[E]:
    """The given order, but the events of one subject stand by sequence in the places that they have among them."""
    by_subject: dict[str, deque[E]] = defaultdict(deque)
    for event in sorted(events, key=lambda each: (each.sequence or 0, each.id)):
        by_subject[event.subject].append(event)
    return [by_subject[event.subject].popleft() for event in events]


def in_waves(events: Sequence[E]) -> list[list[E]]:
    """Parts to send one after the other: of one subject, a higher sequence stands in a later part."""
    waves: list[list[E]] = []
    reached: dict[str, tuple[int, int | None]] = {}
    for event in in_order(events):
        wave, before = reached.get(event.subject, (0, None))
        if None not in (before, event.sequence) and before != event.sequence:
            wave += 1
        reached[event.subject] = wave, before if event.sequence is None else event.sequence
        if wave == len(waves):
            waves.append([])
        waves[wave].append(event)
    return waves


def service_of(event_type: str) -> str:
    """The producing service; of a pattern too, whose first two tokens are plain."""
    return event_type.split(".")[1]


def stream_of(service: str) -> str:
    return f"WAYMARK_{service.upper()}"
