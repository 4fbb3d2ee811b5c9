"""The one endpoint behind every view, `POST /views`: plain ASGI, for one caller's asks or for several callers'.

Traces are FastAPI's own, which wraps the whole application; metrics are counted here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from time import perf_counter

from starlette.types import Receive, Scope, Send

from shared import auth, telemetry
from shared.auth import Claims
from shared.failures import problem_of
from shared.problems import BadRequest, MethodNotAllowed, TooLarge, documented, respond
from shared.safely import SAFELY
from shared.service import Service
from shared.views import wire
from shared.views.declare import Patience, View
from shared.views.reading import Asking, Reader
from shared.views.wire import Asked, Head

PREFIX = "/views"
MEDIA_TYPE = b"application/vnd.waymark.records"
SEPARATOR, PROBLEM = b"\x1e", b"\x15"
"""Between the answers to several asks, and before a problem document that stands for one; never inside JSON."""
CALLER, REFUSED = b"\x1d", b"\x18"
"""Between the asks of several callers and between their answers, and before a problem that is all that one gets."""
SECTION = b"Bearer "
MOST_SECTIONS = 32
MOST_BYTES = 1024 * 1024
OPENAPI = {
    "post": {
        "tags": ["views"],
        "operationId": "read_view",
        "summary": "Records of nouns as the caller may see them, with the fields that each ask names.",
        "requestBody": {
            "required": True,
            "description": "For each ask four lines: the view's name, the ask (JSON), argument values (a JSON array) "
            "and keys (parted by commas). Several callers may ask alike in one request, without the header "
            "Authorization: first two lines for each ask, then for each caller U+001D, a line `Bearer TOKEN` and the "
            "other two lines of each ask.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        "responses": {
            "200": {
                "description": "A line a record: its key, a tab, its JSON. The answers to several asks are parted by "
                "U+001E; one that begins with U+0015 is a problem document. The answers to several callers are parted "
                "by U+001D; one that begins with U+0018 is a problem document, and all that this caller gets.",
                "content": {MEDIA_TYPE.decode(): {"schema": {"type": "string"}}},
            },
            **{
                str(status): answer
                for status, answer in documented(400, 401, 404, 405, 413, 422, 503).items()
            },
        },
    }
}


class ViewEndpoint:
    """Answers asks for one service's views; whatever goes wrong is a problem document, as everywhere."""

    def __init__(self, service: Service, views: Sequence[View]) -> None:
        self._verifier = service.verifier
        self._reader = Reader(service, views)
        self._answered = partial(telemetry.answered_lately, service.blueprint.name, "POST", PREFIX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        try:
            if scope["method"] != "POST":
                raise MethodNotAllowed("POST")
            content = await self._answer(scope, receive)
            status = HTTPStatus.OK
            fields = [
                (b"content-type", MEDIA_TYPE),
                (b"content-length", str(len(content)).encode()),
                *SAFELY,
            ]
        except Exception as error:  # noqa: BLE001 - the last door: rendered, logged, never swallowed
            refusal = respond(problem_of(error))
            status, content = HTTPStatus(refusal.status_code), bytes(refusal.body)
            fields = refusal.raw_headers
        self._answered(status, seconds=perf_counter() - started)
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        authorization = _authorization(scope)
        if authorization is None and CALLER in (body := await _body(receive)):
            heads, *sections = body.split(CALLER)
            return CALLER.join(await self._of_several(wire.heads(heads), sections))
        claims = await self._verifier.verify(auth.bearer(authorization))
        return await self._of_one(wire.asks(await _body(receive)), claims)

    async def _of_several(self, heads: Sequence[Head], sections: Sequence[bytes]) -> list[bytes]:
        """The answers to callers who ask in one request; what is not read for several is read for each."""
        if len(sections) > MOST_SECTIONS:
            raise BadRequest(f"At most {MOST_SECTIONS} callers may ask in one request.")
        answers: dict[int, bytes] = {}
        asking: dict[int, Asking] = {}
        for number, section in enumerate(sections):
            try:
                asking[number] = await self._asking(heads, section)
            except Exception as error:  # noqa: BLE001 - rendered in its place
                answers[number] = _refused(error)
        read = await self._reader.texts_of_several(list(asking.values()))
        for number, texts in zip(asking, read, strict=True):
            if texts is not None:
                answers[number] = SEPARATOR.join([text.encode() for text in texts])
        alone = asking.keys() - answers.keys()
        read_alone = [self._of_one_or_refused(*asking[number]) for number in alone]
        answers |= zip(alone, await asyncio.gather(*read_alone), strict=True)
        return [answers[number] for number in range(len(sections))]

    async def _asking(self, heads: Sequence[Head], section: bytes) -> Asking:
        authorization, _, lines = section.partition(b"\n")
        claims = await self._verifier.verify(auth.bearer(authorization.decode("latin-1")))
        return claims, wire.asks_with(heads, lines)

    async def _of_one_or_refused(self, claims: Claims, asked: Sequence[Asked]) -> bytes:
        try:
            return await self._of_one(asked, claims)
        except Exception as error:  # noqa: BLE001 - rendered in its place
            return _refused(error)

    async def _of_one(self, asked: Sequence[Asked], claims: Claims) -> bytes:
        patience = [self._reader.patience(each) for each in asked]
        if len(asked) == 1:
            (text,) = await self._reader.texts(asked, claims, patience[0])
            return text.encode()
        if any(patience):
            return SEPARATOR.join(await self._apart(asked, patience, claims))
        return SEPARATOR.join(await self._together(asked, claims))

    async def _together(self, asked: Sequence[Asked], claims: Claims) -> list[bytes]:
        try:
            return [text.encode() for text in await self._reader.texts(asked, claims)]
        except Exception as error:
            if len(asked) == 1 or not _is_of_one(error):
                raise
            return [await self._text_or_problem(each, claims) for each in asked]

    async def _apart(
        self, asked: Sequence[Asked], patience: Sequence[Patience | None], claims: Claims
    ) -> list[bytes]:
        """What is quick first, together; then one by one what may take long, all of it in the time that one has."""
        quick = [each for each, slow in zip(asked, patience, strict=True) if slow is None]
        answers = iter(await self._together(quick, claims) if quick else ())
        begun = perf_counter()
        found = []
        for each, slow in zip(asked, patience, strict=True):
            if slow is None:
                found.append(next(answers))
            else:
                left = replace(slow, seconds=slow.seconds - (perf_counter() - begun))
                found.append(await self._text_or_problem(each, claims, left))
        return found

    async def _text_or_problem(
        self, asked: Asked, claims: Claims, patience: Patience | None = None
    ) -> bytes:
        """One that fails costs the others nothing."""
        try:
            (text,) = await self._reader.texts([asked], claims, patience)
            return text.encode()
        except Exception as error:  # noqa: BLE001 - rendered in its place
            return PROBLEM + bytes(respond(problem_of(error)).body)


def _refused(error: Exception) -> bytes:
    return REFUSED + bytes(respond(problem_of(error)).body)


def _authorization(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return str(value, "latin-1")
    return None


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise TooLarge(f"An ask is at most {MOST_BYTES} bytes.")
        if not message.get("more_body"):
            return bytes(body)


def _is_of_one(error: Exception) -> bool:
    """Whether it comes of what one of the asks says, and not of the database being away."""
    return problem_of(error).status != HTTPStatus.SERVICE_UNAVAILABLE
