"""One JSON object a line on standard output: ids and names of things, never what people wrote."""

import asyncio
import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

FLUSH_SECONDS = 0.25

log = structlog.get_logger()


def told(event: str, **fields: Any) -> None:
    """A line of information of a hot path: the same line, without the processors, written within `FLUSH_SECONDS`."""
    if _hot.service is None:
        log.info(event, **fields)
    else:
        _hot.write(event, fields)


class _Hot:
    """Writes without flushing each line; a crash may lose the last quarter of a second of them."""

    service: str | None = None
    _waiting = False

    def write(self, event: str, fields: dict[str, Any]) -> None:
        told_at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            fields["trace_id"] = f"{context.trace_id:032x}"
        line = {
            **fields,
            "service": self.service,
            "level": "info",
            "timestamp": told_at,
            "message": event,
        }
        sys.stdout.write(json.dumps(line) + "\n")
        if not self._waiting:
            self._waiting = True
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._waiting = False
        sys.stdout.flush()


_hot = _Hot()


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
    _hot.service = service if logging.getLevelName(level.upper()) <= logging.INFO else None
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in ("httpx", "uvicorn.access", "nats", "faststream", "alembic", "pgqueuer"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)


def _add_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = f"{context.trace_id:032x}"
    return line
