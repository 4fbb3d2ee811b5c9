"""Traces of SQL beside FastAPI's own, and the metrics that every process shows on its own port."""

from functools import lru_cache, partial
from time import perf_counter
from typing import Any

from opentelemetry import trace
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.afterwards import afterwards

REQUESTS = Counter(
    "waymark_http_requests_total", "Answered requests.", ["service", "method", "route", "status"]
)
SECONDS = Histogram(
    "waymark_http_request_seconds", "Time to answer, in seconds.", ["service", "method", "route"]
)
IN_FLIGHT = Gauge("waymark_http_in_flight", "Requests being answered.", ["service"])
POOL_USED = Gauge("waymark_pool_used", "Database connections in use.", ["service"])
STATEMENTS = Counter("waymark_sql_statements_total", "SQL statements sent.", ["service"])
OF_SEVERAL = Counter(
    "waymark_views_of_several_total", "Statements that answered several callers.", ["service"]
)

_tracer = trace.get_tracer("waymark.sql")


class Metrics:
    """Rate, errors and duration per route template, as plain ASGI."""

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self._app = app
        self._service = service
        self._in_flight = IN_FLIGHT.labels(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._in_flight.inc()
        try:
            await self._app(scope, receive, observed)
        finally:
            self._in_flight.dec()
            route = getattr(scope.get("route"), "path", "unmatched")
            answered(
                self._service, scope["method"], route, status, seconds=perf_counter() - started
            )


def answered(service: str, method: str, route: str, status: int, *, seconds: float) -> None:
    """Counts one answered request under its route template."""
    _requests(service, method, route, str(int(status))).inc()
    _seconds(service, method, route).observe(seconds)


_requests = lru_cache(maxsize=1024)(REQUESTS.labels)
_seconds = lru_cache(maxsize=1024)(SECONDS.labels)


def answered_lately(service: str, method: str, route: str, status: int, *, seconds: float) -> None:
    """The same for hot paths, a moment later."""
    afterwards(partial(answered, service, method, route, status, seconds=seconds))


def observe_engine(engine: AsyncEngine, service: str) -> None:
    """A span a statement, named by its verb only (the text may hold literals), and a counter."""
    counter = STATEMENTS.labels(service)

    def before(connection: Connection, *details: Any) -> None:
        counter.inc()
        if trace.get_current_span().is_recording():
            statement: str = details[1]
            span = _tracer.start_span(statement.lstrip().split(None, 1)[0].upper())
            span.set_attribute("db.system.name", "postgresql")
            connection.info["waymark_span"] = span

    def after(connection: Connection, *_details: Any) -> None:
        if span := connection.info.pop("waymark_span", None):
            span.end()

    def failed(context: Any) -> None:
        if context.connection is not None:
            after(context.connection)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    event.listen(engine.sync_engine, "handle_error", failed)
    if isinstance(pool := engine.sync_engine.pool, QueuePool):
        POOL_USED.labels(service).set_function(pool.checkedout)
