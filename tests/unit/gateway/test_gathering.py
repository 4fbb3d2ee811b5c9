"""Asks that come together go as one call, and nobody waits for anybody slow."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.gateway.clients import gathering
from services.gateway.clients.gathering import MOST_TOGETHER, Ask, Gathering
from shared.http import Answer, CallFailed
from shared.ids import new_id
from shared.views.endpoint import CALLER, MOST_BYTES, REFUSED

MOST_UNDER_WAY = 2
TENANT = new_id()
REFUSAL = json.dumps({"status": 403, "title": "No"}).encode()
Respond = Callable[[bytes], Awaitable[Answer]]


def members(body: bytes) -> list[bytes]:
    """The callers of a request."""
    return body.split(CALLER)[1:] or [body]


async def echo(body: bytes) -> Answer:
    """To everybody what they asked; who asks for nothing good is refused."""
    asked = [section.split(b"\n", 1)[1] for section in members(body)]
    return Answer(200, b"", CALLER.join(REFUSED + REFUSAL if a == b"bad" else a for a in asked))


@dataclass
class Service:
    """Notes what is sent, and answers when it is let."""

    respond: Respond = echo
    sent: list[tuple[bytes, bytes]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, _method: bytes, _path: bytes, **sent: Any) -> Answer:
        self.sent.append((sent["headers"], sent["body"]))
        await self.open.wait()
        return await self.respond(sent["body"])

    async def is_sent(self, calls: int) -> None:
        async with asyncio.timeout(20):
            while len(self.sent) < calls:
                await asyncio.sleep(0.001)

    @property
    def sizes(self) -> list[int]:
        return [len(members(body)) for _, body in self.sent]


@pytest.fixture
async def service() -> Service:
    return Service()


@pytest.fixture
async def way(service: Service) -> Gathering:
    return Gathering("goals", lambda: service, seconds=3, most=MOST_UNDER_WAY)  # type: ignore[arg-type, return-value]


def ask(
    way: Gathering, body: bytes, who: str = "ada", kind: str = "page"
) -> "asyncio.Task[Answer]":
    headers = b"Authorization: Bearer %b\r\n" % who.encode()
    return asyncio.create_task(way.answer(TENANT, Ask(who, headers, (kind.encode(),), [body])))


async def test_one_who_asks_alone_has_a_call_of_their_own(way: Gathering, service: Service) -> None:
    service.open.set()

    answer = await ask(way, b"mine")

    assert answer.body == b"mine"
    assert service.sent == [
        (b"Authorization: Bearer ada\r\n" + gathering.PLAIN_TEXT, b"page\nmine")
    ]


async def test_those_who_ask_in_the_same_moment_share_a_call(
    way: Gathering, service: Service
) -> None:
    service.open.set()

    answers = await asyncio.gather(
        ask(way, b"one"), ask(way, b"bad", who="bob"), ask(way, b"three", who="eve")
    )

    assert [(each.status, each.body) for each in answers] == [
        (200, b"one"), (403, REFUSAL), (200, b"three"),
    ]  # fmt: skip
    assert service.sent == [
        (gathering.PLAIN_TEXT, b"page\x1dBearer ada\none\x1dBearer bob\nbad\x1dBearer eve\nthree")
    ]


async def test_what_waits_while_calls_are_under_way_goes_together(
    way: Gathering, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_WAITING_SECONDS", 3600)
    under_way = []
    for number in range(MOST_UNDER_WAY):
        under_way.append(ask(way, b"first"))
        await service.is_sent(number + 1)
    waiting = [ask(way, b"%d" % number) for number in range(MOST_TOGETHER + 3)]
    await asyncio.sleep(0.05)
    sent_before = len(service.sent)

    service.open.set()
    answers = await asyncio.gather(*waiting)

    assert sent_before == MOST_UNDER_WAY
    assert service.sizes == [1] * MOST_UNDER_WAY + [MOST_TOGETHER, 3]
    assert [each.body for each in answers] == [b"%d" % n for n in range(MOST_TOGETHER + 3)]
    assert {(await each).body for each in under_way} == {b"first"}


async def test_nobody_waits_long_for_what_is_slow(way: Gathering, service: Service) -> None:
    for number in range(MOST_UNDER_WAY):
        ask(way, b"slow")
        await service.is_sent(number + 1)

    quick = ask(way, b"quick")
    await service.is_sent(MOST_UNDER_WAY + 1)
    service.open.set()

    assert (await quick).body == b"quick"


async def test_what_is_not_alike_does_not_wait_for_each_other(
    way: Gathering, service: Service
) -> None:
    slow = [ask(way, b"slow") for _ in range(MOST_UNDER_WAY)]
    other = ask(way, b"other", kind="list")
    await service.is_sent(2)
    assert service.sizes == [MOST_UNDER_WAY, 1]

    service.open.set()
    assert [each.body for each in await asyncio.gather(*slow, other)] == [
        b"slow",
        b"slow",
        b"other",
    ]


async def test_who_has_gone_meanwhile_is_not_asked_for(way: Gathering, service: Service) -> None:
    gone, stays = ask(way, b"gone"), ask(way, b"stays")
    await asyncio.sleep(0)
    gone.cancel()
    service.open.set()

    assert (await stays).body == b"stays"
    await asyncio.gather(gone, return_exceptions=True)
    assert all(b"stays" in body for _, body in service.sent)


async def test_nothing_is_remembered_of_those_who_have_all_gone(
    way: Gathering, service: Service
) -> None:
    service.open.set()
    gone = ask(way, b"gone")
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await ask(way, b"stays", kind="list")
    await asyncio.sleep(0)

    assert way._alike == {}


async def test_who_goes_while_they_are_asked_for_costs_the_others_nothing(
    way: Gathering, service: Service
) -> None:
    gone, stays = ask(way, b"gone"), ask(way, b"stays")
    await service.is_sent(1)
    gone.cancel()
    service.open.set()

    assert (await stays).body == b"stays"
    assert (await ask(way, b"next")).body == b"next"


async def test_large_asks_do_not_share_a_call(way: Gathering, service: Service) -> None:
    service.open.set()
    large = b"x" * (MOST_BYTES // 3)

    answers = await asyncio.gather(*(ask(way, large) for _ in range(3)))

    assert [each.body for each in answers] == [large] * 3
    assert service.sizes == [1, 1, 1]


async def test_a_service_that_knows_no_company_is_asked_by_each(
    way: Gathering, service: Service
) -> None:
    async def respond(body: bytes) -> Answer:
        return Answer(401, b"", REFUSAL) if CALLER in body else await echo(body)

    service.respond = respond
    service.open.set()

    found = await asyncio.gather(ask(way, b"1"), ask(way, b"2"))

    assert [each.body for each in found] == [b"1", b"2"]
    assert service.sizes == [2, 1, 1]


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        (Answer(503, b"", REFUSAL), Answer(503, b"", REFUSAL)),
        (CallFailed("cut"), CallFailed("cut")),
        (ValueError("a mistake of ours"), ValueError("a mistake of ours")),
        (Answer(200, b"", b"for one"), CallFailed("answers to others")),
    ],
)
async def test_a_call_that_fails_fails_for_all_who_share_it(
    way: Gathering, service: Service, answered: Answer | Exception, told: Answer | Exception
) -> None:
    async def respond(_body: bytes) -> Answer:
        if isinstance(answered, Exception):
            raise answered
        return answered

    service.respond = respond
    service.open.set()

    found = await asyncio.gather(ask(way, b"1"), ask(way, b"2"), return_exceptions=True)

    assert list(map(repr, found)) == [repr(told)] * 2
    assert len(service.sent) == 1
    service.respond = echo
    assert (await ask(way, b"again")).body == b"again"
