"""What one request carries through the graph: the caller's own token, a deadline, a way to the services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from opentelemetry import trace
from opentelemetry.propagate import inject

from shared.auth import Claims
from shared.http import Answer, ServiceClient


@dataclass(slots=True)
class Context:
    """One GraphQL request. `calls` counts what it asked of the services."""

    token: str
    claims: Claims
    clients: Mapping[str, ServiceClient]
    deadline: float
    service_seconds: float
    idempotency_key: str | None = None
    calls: int = field(default=0)
    _headers: bytes | None = field(default=None)

    @property
    def headers(self) -> bytes:
        """The header lines of every upstream call of this request."""
        if self._headers is None:
            carrier: dict[str, str] = {}
            if trace.get_current_span().get_span_context().is_valid:
                inject(carrier)
            lines = [f"{name}: {value}\r\n" for name, value in carrier.items()]
            lines.append(f"Authorization: Bearer {self.token}\r\n")
            self._headers = "".join(lines).encode("latin-1")
        return self._headers

    async def call(
        self,
        service: str,
        method: bytes,
        path: bytes,
        *,
        body: bytes = b"",
        headers: bytes = b"Content-Type: text/plain\r\n",
        idempotent: bool = True,
        patient: bool = False,
    ) -> Answer:
        """Raises `shared.http.CallFailed` when the service is away, too slow, or the deadline has passed.

        A `patient` call has the time until then.
        """
        self.calls += 1
        left = max(self.deadline - monotonic(), 0.001)
        return await self.clients[service].call(
            method,
            path,
            headers=self.headers + headers,
            body=body,
            idempotent=idempotent,
            within=left if patient else min(left, self.service_seconds),
        )
