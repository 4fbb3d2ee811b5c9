"""The trace goes on: from the request into the event, and from the event around its handler."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continued(name: str, traceparent: str | None, **attributes: str) -> Iterator[None]:
    """A consumer's span below the one in which the event was published."""
    carrier = {"traceparent": traceparent} if traceparent else {}
    with trace.get_tracer("waymark.events").start_as_current_span(
        name,
        context=_PROPAGATOR.extract(carrier),
        kind=SpanKind.CONSUMER,
        attributes=attributes,
    ):
        yield
