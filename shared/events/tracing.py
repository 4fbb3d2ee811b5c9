"""The trace goes on: from the request into the event, and from the event around its handler."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanContext, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.events.facts import Envelope

_PROPAGATOR = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continued(name: str, events: Sequence[Envelope]) -> Iterator[None]:
    """A consumer's span below the one in which the event was published; of several, linked to each of those."""
    alone = len(events) == 1
    links = [] if alone else [Link(_span(event)) for event in events if event.traceparent]
    ids = {"event_id": str(events[0].id)} if alone else {"events": str(len(events))}
    with trace.get_tracer("waymark.events").start_as_current_span(
        name,
        context=_published(events[0]) if alone else None,
        kind=SpanKind.CONSUMER,
        attributes=ids,
        links=links,
    ):
        yield


def _published(event: Envelope) -> Context:
    carrier = {"traceparent": event.traceparent} if event.traceparent else {}
    return _PROPAGATOR.extract(carrier)


def _span(event: Envelope) -> SpanContext:
    return trace.get_current_span(_published(event)).get_span_context()
