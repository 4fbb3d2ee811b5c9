"""What every mapper speaks of, and how bodies are read: reasons and notes name fields and never values."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from services.gateway.integrations.webhooks.events import Said

CLOCK_SKEW = timedelta(days=1)
MOST_ITEMS = 1000
Word = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a body came from; `system` and `course_provider` stand in where the payload names none."""

    connection_id: UUID
    delivery_id: UUID
    system: str
    received_at: datetime
    sent_at: datetime
    course_provider: str | None = None


@dataclass(frozen=True, slots=True)
class FetchBack:
    """The body says that something has changed and not how: it must be fetched from its source."""

    kind: str
    external_id: str
    said_at: datetime
    changed_fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a body says: its own name for it, what it becomes, and notes for who looks after the connection.

    `ignored` says why there is nothing in it that could matter to Waymark: a ping, or an event of another kind.
    """

    event_type: str | None
    facts: Sequence[Said] = ()
    fetch_backs: Sequence[FetchBack] = ()
    notes: Sequence[str] = field(default=())
    ignored: str | None = None


class Unmappable(Exception):
    """The body says nothing that Waymark can use; the reason names fields and no values."""

    def __init__(self, reason: str, *, event_type: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.event_type = event_type


Mapper = Callable[[bytes, Origin], Mapped]
"""Pure. Raises `Unmappable`; any other exception is a bug of the mapper and makes the delivery DEAD."""


class Sent(BaseModel):
    """Part of a vendor's payload; what it does not name is ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, populate_by_name=True)


M = TypeVar("M", bound=BaseModel)
E = TypeVar("E", bound=StrEnum)


def read_as(model: type[M], body: bytes | Any, event_type: str | None = None) -> M:
    """Raises `Unmappable` with the fields that are wrong."""
    try:
        if isinstance(body, bytes):
            return model.model_validate_json(body)
        return model.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        reasons = [f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in found]
        raise Unmappable("; ".join(reasons), event_type=event_type) from None


def read_object(body: bytes) -> dict[str, Any] | None:
    """None for what senders try an address out with: nothing at all, or JSON that is no object.

    Raises `Unmappable` for what is no JSON.
    """
    if not body.strip():
        return None
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unmappable("body: Invalid JSON") from None
    return told if isinstance(told, dict) else None


PING = Mapped(None, ignored="A ping: no object, no event.")


def not_mapped(event_type: str | None) -> Mapped:
    return Mapped(event_type, ignored="Events of this type are not mapped.")


def refuse_future(moment: datetime, origin: Origin, name: str, event_type: str | None) -> None:
    """Raises `Unmappable`: a word from the future would make every later one stale."""
    if moment > origin.received_at + CLOCK_SKEW:
        raise Unmappable(f"{name}: lies in the future", event_type=event_type)


def _as_moment(value: object) -> object:
    """Vendors send seconds or milliseconds since 1970 as numbers or digits, and UTC without saying so."""
    if isinstance(value, bool):
        raise ValueError("send a time")
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        value = int(value) if len(value) < 20 else value
    if isinstance(value, int | float):
        return _since_1970(value)
    if isinstance(value, str):
        return _in_utc(value.strip())
    raise ValueError("send a time")


def _since_1970(value: float) -> datetime:
    try:
        return datetime.fromtimestamp(value / 1000 if abs(value) >= 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("send seconds or milliseconds since 1970") from None


def _in_utc(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("send a time as ISO 8601") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _as_day(value: object) -> object:
    """A date that may come with a time of day; what stands for no date is None."""
    if isinstance(value, str):
        return None if value.strip() in {"", "0000-00-00"} else value.strip()[:10]
    return value


def _as_word(value: object) -> object:
    """Ids come as numbers or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Moment = Annotated[datetime, BeforeValidator(_as_moment)]
Day = Annotated[date | None, BeforeValidator(_as_day)]
Id = Annotated[Word, BeforeValidator(_as_word)]
Maybe = Annotated[Text | None, BeforeValidator(_blank_is_none)]


def known(value: str | None, of: Mapping[str, E], other: E) -> tuple[E | None, bool]:
    """The value in our enumeration, `other` for one that it does not have, and whether it had to be that."""
    if value is None:
        return None, False
    found = of.get("".join(letter for letter in value.lower() if letter.isalnum()))
    return found or other, found is None


def names_of(enumeration: type[E], further: Mapping[str, E] | None = None) -> Mapping[str, E]:
    """Every member by its letters alone, so that `full-time`, `Full Time` and `FULL_TIME` are one."""
    plain = {member.value.lower().replace("_", ""): member for member in enumeration}
    return {**plain, **(further or {})}
