"""One JSON object a line on standard output: ids and names of things, never what people wrote."""

import json
import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from shared import clock

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, and in which trace, for who tells it later."""

    at: datetime
    trace_id: int

    @classmethod
    def now(cls) -> "Moment":
        return cls(clock.now(), trace.get_current_span().get_span_context().trace_id)

    def told(self, event: str, **fields: Any) -> None:
        """A line of information as others are, without the processors; whoever tells several flushes once."""
        if _written.service is None:
            log.info(event, **fields)
            return
        if self.trace_id:
            fields["trace_id"] = f"{self.trace_id:032x}"
        fields["service"] = _written.service
        fields["level"] = "info"
        fields["timestamp"] = self.at.isoformat().replace("+00:00", "Z")
        fields["message"] = event
        sys.stdout.write(json.dumps(fields) + "\n")


class _Written:
    """By whom lines of hot paths are written, once logging is configured and would show them."""

    service: str | None = None


_written = _Written()


def configure(level: str, *, service: str) -> None:
    """Sends structlog's and the standard library's records through one JSON renderer."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    _written.service = service if logging.getLevelName(level.upper()) <= logging.INFO else None
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in ("httpx", "uvicorn.access", "nats", "faststream", "alembic", "pgqueuer"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)


def _add_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = f"{context.trace_id:032x}"
    return line
