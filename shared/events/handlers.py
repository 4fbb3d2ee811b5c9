"""Which events a service listens to, in groups that each keep a read model or react to something."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import sealed
from shared.events.facts import Envelope, Incoming, service_of
from shared.events.tracing import continued
from shared.tenancy import Principal

if TYPE_CHECKING:
    from shared.events.broker import Broker
    from shared.jobs import Jobs

HandlerFunction = Callable[[AsyncSession, Principal, Any], Awaitable[None]]
"""The third parameter is an `Incoming[Model]`, or a `Sequence` of them."""
Reset = Callable[[AsyncSession], Awaitable[None]]

PATTERN = re.compile(r"waymark\.[a-z0-9_]+\.([a-z0-9_]+|\*)\.([a-z0-9_]+|\*)\.v[0-9]+")


@dataclass(frozen=True, slots=True)
class Handler:
    """A function, the event types it is for, and the consumer's own model of their payload.

    It takes `many` events that follow each other at once, or one by one.
    """

    pattern: str
    model: type[BaseModel]
    function: HandlerFunction
    many: bool = False

    def takes(self, event_type: str) -> bool:
        return covers(self.pattern, event_type)


@dataclass(slots=True)
class Group:
    """One durable consumer of one service's stream; `name` is its name at the broker and in the inbox.

    With `every` an event counts that is older than one applied before: what is kept is the news, not the state.
    """

    name: str
    source: str
    every: bool = False
    handlers: list[Handler] = field(default_factory=list)

    def filters(self, tenant: str = "*") -> list[str]:
        """Broker subjects without overlap, which the broker refuses."""
        patterns = sorted({handler.pattern for handler in self.handlers})
        widest = [
            pattern
            for pattern in patterns
            if not any(other != pattern and covers(other, pattern) for other in patterns)
        ]
        return [f"{pattern}.{tenant}" for pattern in widest]

    async def apply(self, session: AsyncSession, events: Sequence[Envelope]) -> None:
        """Gives each event to every handler for its type, in their order and within the trace of the event.

        Those that follow each other go at once to handlers of many, where no other one is for their type.
        """
        for taking, run in groupby(events, lambda event: self._taking(event.type)):
            together = list(run)
            if taking and all(each.many for each in taking):
                await self._call(session, taking, together)
            else:
                for event in together:
                    await self._call(session, taking, [event])

    def _taking(self, event_type: str) -> tuple[Handler, ...]:
        return tuple(each for each in self.handlers if each.takes(event_type))

    async def _call(
        self, session: AsyncSession, taking: Sequence[Handler], events: Sequence[Envelope]
    ) -> None:
        principal = Principal.system(events[0].tenant_id, self.name.replace("-", "."))
        with continued(f"{self.name} {events[0].type}", events):
            for handler in taking:
                incoming = [
                    event.incoming(
                        handler.model, await sealed.context(session, event, handler.model)
                    )
                    for event in events
                ]
                told = incoming if handler.many else incoming[0]
                await handler.function(session, principal, told)


class AddsJobs(Protocol):
    """What a worker does beside its jobs and handlers because it has a connection to the broker."""

    def add_jobs(
        self, registry: "Jobs", *, broker: "Callable[[], Broker]", ready: Callable[[], bool]
    ) -> None: ...


class Handlers:
    """A service's handlers, filled by decorators at import time."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.groups: dict[str, Group] = {}
        self.resets: dict[str, Reset] = {}
        self.erasing: AddsJobs | None = None

    def on(
        self, *patterns: str, group: str, every: bool = False
    ) -> Callable[[HandlerFunction], HandlerFunction]:
        """For events such as `waymark.profile.person.*.v1`; the third parameter's `Incoming[Model]` says what is read.

        With `Sequence[Incoming[Model]]` there the function gets what has come at once, the oldest first.

        The function runs in the tenant's transaction that also marks the event as applied. It must not send anything
        elsewhere: enqueue a job or publish a fact. A group reads one service's stream, in the order of each subject.
        With `every` the group also gets what is older than the newest of its subject.
        """

        def register(function: HandlerFunction) -> HandlerFunction:
            for pattern in patterns:
                listening = self._group(group, pattern)
                model, many = _model_of(function)
                listening.handlers.append(Handler(pattern, model, function, many))
                listening.every = listening.every or every
            return function

        return register

    def rebuilt_after(self, group: str) -> Callable[[Reset], Reset]:
        """Names the function that empties a group's read model of one tenant, so that it can be replayed."""

        def register(reset: Reset) -> Reset:
            self.resets[group] = reset
            return reset

        return register

    def _group(self, name: str, pattern: str) -> Group:
        if not PATTERN.fullmatch(pattern):
            raise ValueError(f"{pattern!r} is not waymark.<service>.<aggregate>.<verb>.v<n>.")
        source = service_of(pattern)
        group = self.groups.setdefault(name, Group(f"{self.service}-{name}", source))
        if group.source != source:
            raise ValueError(f"Group {name!r} reads {group.source}; give {source} another group.")
        return group

    def sources(self) -> Sequence[str]:
        return sorted({group.source for group in self.groups.values()})


def covers(pattern: str, other: str) -> bool:
    """Whether a pattern takes everything that the other one, or a type, stands for."""
    ours, theirs = pattern.split("."), other.split(".")
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(a in ("*", b) for a, b in pairs)


def _model_of(function: HandlerFunction) -> tuple[type[BaseModel], bool]:
    """The model, and whether the function takes many."""
    hints = [hint for name, hint in get_type_hints(function).items() if name != "return"]
    for hint in hints:
        many = get_origin(hint) is Sequence
        (one,) = get_args(hint) if many else (hint,)
        if get_origin(one) is Incoming:
            (model,) = get_args(one)
            if isinstance(model, type) and issubclass(model, BaseModel):
                return model, many
    raise TypeError(f"{function.__qualname__} takes no Incoming[Model].")
