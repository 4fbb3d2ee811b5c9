"""The one endpoint behind every view, `POST /views`: plain ASGI, one statement for the whole answer to an ask.

Traces are FastAPI's own, which wraps the whole application; metrics are counted here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any
from uuid import UUID

from starlette.types import Receive, Scope, Send

from shared import auth, callers, telemetry
from shared.auth import Claims
from shared.failures import problem_of
from shared.guard import PERSON, STANDING, TENANT, within_tenant
from shared.problems import (
    BadRequest,
    MethodNotAllowed,
    TooLarge,
    Unavailable,
    documented,
    respond,
)
from shared.service import Service
from shared.tenancy import Principal
from shared.views.compiler import KEYS
from shared.views.declare import Argument, View
from shared.views.statements import Prepared, Statements, Text, spelled

PREFIX = "/views"
MEDIA_TYPE = b"application/vnd.waymark.records"
SEPARATOR, PROBLEM = b"\x1e", b"\x15"
"""Between the answers to several asks, and before a problem document that stands for one; never inside JSON."""

LINES = 4
MOST_ASKS = 100
MOST_KEYS = 10_000
MOST_CALLERS = 4096
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
                for status, answer in documented(400, 401, 404, 405, 413, 503).items()
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
        self._answered = partial(telemetry.answered, name, "POST", PREFIX)

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
        asks = _asks(await _body(receive))
        if len(asks) == 1:
            return await self._records(asks[0], claims)
        return SEPARATOR.join([await self._records_or_problem(ask, claims) for ask in asks])

    async def _records_or_problem(self, ask: Sequence[bytes], claims: Claims) -> bytes:
        """One that fails costs the others nothing."""
        try:
            return await self._records(ask, claims)
        except Exception as error:  # noqa: BLE001 - rendered in its place
            return PROBLEM + bytes(respond(problem_of(error)).body)

    async def _records(self, ask: Sequence[bytes], claims: Claims) -> bytes:
        name, line, *rest = ask
        view = self._statements.view(name.decode("latin-1"))
        values, keys = _given(*rest)
        found: str | None = None
        if (caller := self._known.get(claims)) is not None:
            found = await self._read(view, line, values, keys, caller)
        if found is None:
            caller = await self._find(claims)
            found = await self._read(view, line, values, keys, caller)
        if found is None:
            raise Unavailable("Your account is being changed. Try again in a moment.")
        return found.encode()

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
        self, view: View, line: bytes, values: list[Any], keys: list[UUID], caller: Caller
    ) -> str | None:
        """None when the caller is not any more who they were."""
        principal = caller.principal
        prepared = self._statements.prepare(view, line, principal, values)
        parameters = _parameters(prepared, principal, values, keys)
        parameters[TENANT] = str(principal.tenant_id)
        parameters[PERSON] = str(principal.person_id or "")
        parameters[STANDING] = caller.standing
        parameters["subject"] = principal.subject
        found: str | None = await self._value(prepared.statement, parameters)
        return found

    async def _value(self, statement: Text, parameters: Mapping[str, Any]) -> Any:
        self._count_statement()
        return await self._service.database.value(statement.text, statement.values(parameters))


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


def _asks(body: bytes) -> list[list[bytes]]:
    """Each of four lines: the view, the ask, argument values, keys."""
    lines = body.split(b"\n")
    if len(lines) % LINES or len(lines) > LINES * MOST_ASKS:
        raise BadRequest(f"Send four lines for each of at most {MOST_ASKS} asks.")
    return [lines[at : at + LINES] for at in range(0, len(lines), LINES)]


def _given(values: bytes, keys: bytes) -> tuple[list[Any], list[UUID]]:
    try:
        wire = json.loads(values)
        ids = [UUID(key) for key in keys.decode("ascii").split(",") if key]
    except (ValueError, RecursionError):
        raise BadRequest("Send the ask, an array of values and keys, each in a line.") from None
    if not isinstance(wire, list) or len(ids) > MOST_KEYS:
        raise BadRequest(f"Send an array of values and at most {MOST_KEYS} keys.")
    return wire, ids


def _parameters(
    prepared: Prepared, principal: Principal, values: Sequence[Any], keys: Sequence[UUID]
) -> dict[str, Any]:
    parameters = {**principal.parameters(), KEYS: keys}
    for place, argument in prepared.arguments.items():
        parameters[f"arg_{place}"] = _value(argument, values[place])
    for place, length in prepared.cursors.items():
        _check_cursor(values[place], length)
    for name, (place, index) in prepared.cursor_parts.items():
        parameters[name] = values[place][index]
    return parameters


def _value(argument: Argument, wire: Any) -> Any:
    try:
        if argument.many:
            return [_single(argument.python_type, value) for value in wire]
        return _single(argument.python_type, wire)
    except (ValueError, TypeError):
        raise BadRequest(f"A value is not readable as {argument.python_type.__name__}.") from None


def _check_cursor(wire: Any, length: int) -> None:
    """A text for each column of the order; raises `BadRequest`."""
    known = isinstance(wire, list) and all(isinstance(part, str) for part in wire)
    if not known or len(wire) != length:
        raise BadRequest("after: use a cursor of this very list, in the same order.")


def _single(python_type: type, wire: Any) -> Any:
    if python_type in (date, datetime):
        return python_type.fromisoformat(wire)
    if python_type is UUID:
        return UUID(wire)
    if not isinstance(wire, python_type) and not (python_type is float and isinstance(wire, int)):
        raise TypeError
    return wire
