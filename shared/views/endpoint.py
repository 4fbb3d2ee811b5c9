"""The one endpoint behind every view, `POST /views`: plain ASGI, one statement for the whole answer to an ask.

Traces are FastAPI's own, which wraps the whole application; metrics are counted here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from asyncpg import QueryCanceledError
from starlette.types import Receive, Scope, Send

from shared import auth, callers, telemetry
from shared.auth import Claims
from shared.failures import problem_of
from shared.guard import PERSON, STANDING, TENANT, within_tenant
from shared.problems import (
    MethodNotAllowed,
    TakesTooLong,
    TooLarge,
    Unavailable,
    documented,
    respond,
)
from shared.safely import SAFELY
from shared.service import Service
from shared.tenancy import Principal
from shared.views import wire
from shared.views.declare import Patience, View
from shared.views.statements import Statements, Text, prefix, spelled
from shared.views.wire import Asked

PREFIX = "/views"
MEDIA_TYPE = b"application/vnd.waymark.records"
SEPARATOR, PROBLEM = b"\x1e", b"\x15"
"""Between the answers to several asks, and before a problem document that stands for one; never inside JSON."""

MOST_CALLERS = 4096
MOST_CHANGES = 5
"""Of a caller, while they ask: somebody who has just been imported may change a few times in a row."""
MOST_BYTES = 1024 * 1024
OPENAPI = {
    "post": {
        "tags": ["views"],
        "operationId": "read_view",
        "summary": "Records of nouns as the caller may see them, with the fields that each ask names.",
        "requestBody": {
            "required": True,
            "description": "For each ask four lines: the view's name, the ask (JSON), argument values (a JSON array) "
            "and keys (parted by commas).",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        "responses": {
            "200": {
                "description": "A line a record: its key, a tab, its JSON. The answers to several asks are parted by "
                "U+001E; one that begins with U+0015 is a problem document.",
                "content": {MEDIA_TYPE.decode(): {"schema": {"type": "string"}}},
            },
            **{
                str(status): answer
                for status, answer in documented(400, 401, 404, 405, 413, 422, 503).items()
            },
        },
    }
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks, and the standing that the service found them with; a machine client has none."""

    principal: Principal
    standing: str


class ViewEndpoint:
    """Answers asks for one service's views; whatever goes wrong is a problem document, as everywhere."""

    def __init__(self, service: Service, views: Sequence[View]) -> None:
        self._service = service
        self._statements = Statements(views, service.callers)
        self._standing = spelled(within_tenant(service.callers.standing))
        self._known: dict[Claims, Caller] = {}
        name = service.blueprint.name
        self._count_statement = telemetry.STATEMENTS.labels(name).inc
        self._answered = partial(telemetry.answered_lately, name, "POST", PREFIX)

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
        claims = await self._service.verifier.verify(auth.bearer(_authorization(scope)))
        asked = wire.asks(await _body(receive))
        patience = [self._statements.patience(each) for each in asked]
        if len(asked) == 1:
            (text,) = await self._texts(asked, claims, patience[0])
            return text.encode()
        if any(patience):
            return SEPARATOR.join(await self._apart(asked, patience, claims))
        return SEPARATOR.join(await self._together(asked, claims))

    async def _together(self, asked: Sequence[Asked], claims: Claims) -> list[bytes]:
        try:
            return [text.encode() for text in await self._texts(asked, claims)]
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
            (text,) = await self._texts([asked], claims, patience)
            return text.encode()
        except Exception as error:  # noqa: BLE001 - rendered in its place
            return PROBLEM + bytes(respond(problem_of(error)).body)

    async def _texts(
        self, asked: Sequence[Asked], claims: Claims, patience: Patience | None = None
    ) -> list[str]:
        """The records of each ask, all by one statement; looks anew who asks where that has changed meanwhile."""
        caller = self._known.get(claims)
        for _ in range(MOST_CHANGES):
            caller = caller or await self._find(claims)
            found = await self._read(asked, caller, patience)
            if found is not None:
                log = self._service.access_log
                return found if log is None else await log.take(found, caller.principal)
            caller = None
        raise Unavailable("Your account is being changed. Try again in a moment.")

    async def _find(self, claims: Claims) -> Caller:
        """Remembered as they are found now; every statement makes sure that they are still the same."""
        if claims.client_id is not None:
            caller = Caller(callers.client(claims), "")
        else:
            parameters = {TENANT: str(claims.tenant_id), "subject": claims.subject}
            standing = await self._value(self._standing, parameters) or ""
            caller = Caller(self._service.callers.of_standing(claims, standing), standing)
        if len(self._known) >= MOST_CALLERS:
            self._known.clear()
        self._known[claims] = caller
        return caller

    async def _read(
        self, asked: Sequence[Asked], caller: Caller, patience: Patience | None
    ) -> list[str] | None:
        """None when the caller is not any more who they were."""
        principal = caller.principal
        together = self._statements.prepare(asked, principal)
        parameters = {
            **principal.parameters(),
            TENANT: str(principal.tenant_id),
            PERSON: str(principal.person_id or ""),
            STANDING: caller.standing,
            "subject": principal.subject,
        }
        for number, (each, prepared) in enumerate(zip(asked, together.parts, strict=True)):
            parameters |= each.parameters(prepared, prefix(number))
        found: list[str] | None = await self._value(together.statement, parameters, patience)
        return found

    async def _value(
        self, statement: Text, parameters: Mapping[str, Any], patience: Patience | None = None
    ) -> Any:
        self._count_statement()
        database, values = self._service.database, statement.values(parameters)
        if patience is None:
            return await database.value(statement.text, values)
        too_long = TakesTooLong.field(patience.pointer, patience.instead)
        if patience.seconds <= 0:
            raise too_long
        try:
            return await database.patient_value(statement.text, values, seconds=patience.seconds)
        except QueryCanceledError:
            raise too_long from None


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
