"""Asks of one service's views by requests that run at the same time: those that are alike go as one call.

A call costs its two ends and PostgreSQL more than what it brings. Each caller's asks go with their own token, and each
gets their own answer. Only callers of one tenant who ask for the same fields go together, so that nobody waits for what
takes others long.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from prometheus_client import Histogram

from shared.http import Answer, CallFailed, ServiceClient
from shared.views.endpoint import CALLER, MOST_BYTES, MOST_SECTIONS, PREFIX, REFUSED, SECTION

VIEWS = PREFIX.encode()
HTTP_OK, HTTP_BAD_REQUEST, HTTP_SERVER_ERROR = 200, 400, 500
PLAIN_TEXT = b"Content-Type: text/plain\r\n"

MOST_TOGETHER = MOST_SECTIONS // 2
MOST_WAITING_SECONDS = 0.02
"""After which who waits goes all the same: what is under way may be slow, and need not hold up the rest."""

CALLERS = Histogram(
    "waymark_gateway_callers_per_call",
    "Callers whose asks went to a service in one call.",
    ["service"],
    buckets=(1, 2, 4, 8, MOST_TOGETHER),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What one caller asks: heads, and to each the lines of its values and keys.

    `headers` are those of a call of its own.
    """

    token: str
    headers: bytes
    heads: tuple[bytes, ...]
    lines: Sequence[bytes]
    answer: "asyncio.Future[Answer]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def body(self) -> bytes:
        """Of a call of its own."""
        return b"\n".join([b"%b\n%b" % each for each in zip(self.heads, self.lines, strict=True)])

    def section(self) -> bytes:
        """Among others, whose heads are the same."""
        return b"%b%b\n%b" % (SECTION, self.token.encode(), b"\n".join(self.lines))


class Gathering:
    """The way to one service's views, with `seconds` for each call.

    While `most` calls are under way, an ask that is alike waits for company: they keep the service at work meanwhile.
    """

    def __init__(
        self, service: str, client: Callable[[], ServiceClient], *, seconds: float, most: int
    ) -> None:
        self._calls = _Calls(client, seconds, CALLERS.labels(service).observe)
        self._most = most
        self._alike: dict[tuple[UUID, tuple[bytes, ...]], _Alike] = {}

    async def answer(self, tenant_id: UUID, ask: Ask) -> Answer:
        """Raises `CallFailed` when the service is away or too slow."""
        kind = tenant_id, ask.heads
        alike = self._alike.get(kind)
        if alike is None:
            alike = self._alike[kind] = _Alike(
                self._calls, self._most, partial(self._alike.pop, kind)
            )
        return await alike.answer(ask)


class _Alike:
    """Asks of one kind, from the first until none is left."""

    def __init__(self, calls: "_Calls", most: int, forget: Callable[[], object]) -> None:
        self._send = calls.send
        self._most = most
        self._forget = forget
        self._under_way = 0
        self._waiting: deque[Ask] = deque()
        self._going: asyncio.Handle | None = None
        self._calls: set[asyncio.Task[None]] = set()

    async def answer(self, ask: Ask) -> Answer:
        self._waiting.append(ask)
        if self._going is None:
            self._go_soon()
        return await ask.answer

    def _go_soon(self) -> None:
        """When the loop has heard all that has come to it by now, or when a call has ended."""
        loop = asyncio.get_running_loop()
        if self._under_way < self._most:
            self._going = loop.call_soon(self._go)
        else:
            self._going = loop.call_later(MOST_WAITING_SECONDS, self._go)

    def _go(self) -> None:
        self._going = None
        if asks := self._next():
            self._under_way += 1
            call = asyncio.get_running_loop().create_task(self._call(asks))
            self._calls.add(call)
            call.add_done_callback(self._ended)
        if self._waiting:
            self._go_soon()
        elif not self._under_way:
            self._forget()

    def _next(self) -> list[Ask]:
        """As many as may go together, without those who have gone meanwhile."""
        asks: list[Ask] = []
        room = MOST_BYTES // 2
        while self._waiting and len(asks) < MOST_TOGETHER:
            room -= sum(map(len, self._waiting[0].lines))
            if asks and room < 0:
                break
            ask = self._waiting.popleft()
            if not ask.answer.done():
                asks.append(ask)
        return asks

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._under_way -= 1
        if self._waiting and self._going is not None:
            self._going.cancel()
            self._go_soon()
        elif not self._under_way:
            self._forget()

    async def _call(self, asks: Sequence[Ask]) -> None:
        try:
            answers = await self._send(asks)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            for ask in asks:
                if not ask.answer.done():
                    ask.answer.set_exception(error)
        else:
            for ask, answer in zip(asks, answers, strict=True):
                if not ask.answer.done():
                    ask.answer.set_result(answer)


class _Calls:
    """Calls of a service's views for one caller, or for several."""

    def __init__(
        self, client: Callable[[], ServiceClient], seconds: float, count: Callable[[float], None]
    ) -> None:
        self._client = client
        self._seconds = seconds
        self._count = count

    async def send(self, asks: Sequence[Ask]) -> Sequence[Answer]:
        self._count(len(asks))
        return [await self._alone(asks[0])] if len(asks) == 1 else await self._as_one(asks)

    async def _alone(self, ask: Ask) -> Answer:
        return await self._answer(ask.headers + PLAIN_TEXT, ask.body())

    async def _as_one(self, asks: Sequence[Ask]) -> list[Answer]:
        """Each by itself where the service refuses the company: it may be of an older release."""
        sections = [b"\n".join(asks[0].heads), *(ask.section() for ask in asks)]
        answer = await self._answer(PLAIN_TEXT, CALLER.join(sections))
        if HTTP_BAD_REQUEST <= answer.status < HTTP_SERVER_ERROR:
            return await asyncio.gather(*map(self._alone, asks))
        if answer.status != HTTP_OK:
            return [answer] * len(asks)
        answers = answer.body.split(CALLER)
        if len(answers) != len(asks):
            raise CallFailed("answers to others")
        return [_section(each) for each in answers]

    async def _answer(self, headers: bytes, body: bytes) -> Answer:
        return await self._client().call(
            b"POST", VIEWS, headers=headers, body=body, idempotent=True, within=self._seconds
        )


def _section(section: bytes) -> Answer:
    if not section.startswith(REFUSED):
        return Answer(HTTP_OK, b"", section)
    problem = section[1:]
    return Answer(int(json.loads(problem)["status"]), b"", problem)
