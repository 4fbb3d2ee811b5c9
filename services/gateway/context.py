"""What one request carries through the graph: the caller's own token, a deadline, a way to the services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from opentelemetry import trace
from opentelemetry.propagate import inject

from services.gateway.clients.gathering import PLAIN_TEXT, VIEWS, Ask, Gathering
from shared.auth import Claims
from shared.http import Answer, ServiceClient


@dataclass(slots=True)
class Context:
    """One GraphQL request. `calls` counts what it asked of the services."""

    token: str
    claims: Claims
    clients: Mapping[str, ServiceClient]
    gatherings: Mapping[str, Gathering]
    deadline: float
    service_seconds: float
    idempotency_key: str | None = None
    calls: int = field(default=0)
    _headers: bytes | None = field(default=None)
    _traced: bool = field(default=False)

    @property
    def headers(self) -> bytes:
        """The header lines of every upstream call of this request."""
        if self._headers is None:
            carrier: dict[str, str] = {}
            if (span := trace.get_current_span().get_span_context()).is_valid:
                inject(carrier)
                self._traced = span.trace_flags.sampled
            lines = [f"{name}: {value}\r\n" for name, value in carrier.items()]
            lines.append(f"Authorization: Bearer {self.token}\r\n")
            self._headers = "".join(lines).encode("latin-1")
        return self._headers

    async def ask(
        self, service: str, heads: tuple[bytes, ...], lines: Sequence[bytes], *, patient: bool
    ) -> Answer:
        """Asks a service's views, together with who asks with the same heads; raises as `call` does.

        A head names a view and what is asked of it; to each belong the lines of its values and keys.

        What may take long, what has little time left and what is traced goes by itself.
        """
        ask = Ask(self.token, self.headers, heads, lines)
        if patient or self._traced or self.deadline - monotonic() < self.service_seconds:
            return await self.call(
                service, b"POST", VIEWS, body=ask.body(), headers=PLAIN_TEXT, patient=patient
            )
        self.calls += 1
        return await self.gatherings[service].answer(self.claims.tenant_id, ask)

    async def call(
        self,
        service: str,
        method: bytes,
        path: bytes,
        *,
        body: bytes = b"",
        headers: bytes = PLAIN_TEXT,
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
