"""From a vendor's payload to canonical facts: one pure function a vendor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.webhooks.events import (
    CourseReference,
    LearnerReference,
    LearningCompleted,
)
from shared.events import Fact

CLOCK_SKEW = timedelta(days=1)
Word = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a body came from; `system` stands in where the payload names none."""

    connection_id: UUID
    delivery_id: UUID
    system: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a body says: its own name for it, and the facts that it becomes."""

    event_type: str
    facts: Sequence[Fact]


class Unmappable(Exception):
    """The body says nothing that Waymark can use; the reason names fields and no values."""

    def __init__(self, reason: str, *, event_type: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.event_type = event_type


Mapper = Callable[[bytes, Origin], Mapped]
"""Pure. Raises `Unmappable`; any other exception is a bug of the mapper and makes the delivery DEAD."""


class _Sent(BaseModel):
    """Part of a canonical payload; what it does not name is ignored."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", hide_input_in_errors=True)


class _Envelope(_Sent):
    type: Word
    timestamp: AwareDatetime
    data: dict[str, Any]


class _Person(_Sent):
    system: Word | None = None
    value: Word | None = None
    email: Word | None = None

    @model_validator(mode="after")
    def _named(self) -> "_Person":
        if self.email is None and (self.system is None or self.value is None):
            raise ValueError("name the person by system and value, or by email")
        return self


class _Course(_Sent):
    provider: Word | None = None
    code: Word


class _Completion(_Sent):
    person: _Person
    course: _Course
    completed_at: AwareDatetime
    score: Annotated[float, Field(allow_inf_nan=False)] | None = None


class _LearningCompleted(_Sent):
    data: _Completion


def generic(body: bytes, origin: Origin) -> Mapped:
    """The canonical payload: `{"type", "timestamp", "data"}`, the type choosing the shape of the data."""
    envelope = _read(_Envelope, body)
    try:
        reader = _READERS[envelope.type]
    except KeyError:
        known = ", ".join(sorted(_READERS))
        raise Unmappable(
            f"The type is not known; known are: {known}.", event_type=envelope.type
        ) from None
    return Mapped(envelope.type, [reader(body, origin, envelope.type)])


def _learning_completed(body: bytes, origin: Origin, event_type: str) -> Fact:
    said = _read(_LearningCompleted, body, event_type).data
    if said.completed_at > origin.received_at + CLOCK_SKEW:
        raise Unmappable("data.completedAt: lies in the future", event_type=event_type)
    by_id = said.person.system is not None and said.person.value is not None
    return LearningCompleted(
        connection_id=origin.connection_id,
        delivery_id=origin.delivery_id,
        system=said.person.system or origin.system,
        person=LearnerReference(
            external_id=said.person.value if by_id else None, email=said.person.email
        ),
        course=CourseReference(provider=said.course.provider, code=said.course.code),
        completed_at=said.completed_at,
        score=said.score,
    )


_READERS: Mapping[str, Callable[[bytes, Origin, str], Fact]] = {
    "learning.completed": _learning_completed
}
MAPPERS: Mapping[Vendor, Mapper] = {Vendor.GENERIC: generic}


def _read(model: type[Any], body: bytes, event_type: str | None = None) -> Any:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        reasons = [f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in found]
        raise Unmappable("; ".join(reasons), event_type=event_type) from None
