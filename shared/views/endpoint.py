"""The one endpoint behind every view, `POST /views/{view}`: plain ASGI, one statement for the whole answer.

Traces are FastAPI's own, which wraps the whole application; metrics are counted here.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from http import HTTPStatus
from time import perf_counter
from typing import Any
from uuid import UUID

from starlette.types import Receive, Scope, Send

from shared import auth, callers, telemetry
from shared.auth import Claims
from shared.db import Reader
from shared.failures import problem_of
from shared.problems import BadRequest, MethodNotAllowed, TooLarge, documented, respond
from shared.service import Service
from shared.tenancy import Principal
from shared.views.compiler import KEYS
from shared.views.declare import Argument, View
from shared.views.statements import Prepared, Statements, spelled

PREFIX = "/views/"
MEDIA_TYPE = b"application/vnd.waymark.records"
MOST_KEYS = 2000
MOST_BYTES = 1024 * 1024
OPENAPI = {
    "post": {
        "tags": ["views"],
        "operationId": "read_view",
        "summary": "Records of one noun as the caller may see them, with the fields that the ask names.",
        "parameters": [
            {"name": "view", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {
            "required": True,
            "description": "Three lines: the ask (JSON), argument values (a JSON array), keys (parted by commas).",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        "responses": {
            "200": {
                "description": "A line a record: its key, a tab, its JSON.",
                "content": {MEDIA_TYPE.decode(): {"schema": {"type": "string"}}},
            },
            **{
                str(status): answer
                for status, answer in documented(400, 401, 404, 405, 413, 503).items()
            },
        },
    }
}


class ViewEndpoint:
    """Answers asks for one service's views; whatever goes wrong is a problem document, as everywhere."""

    def __init__(self, service: Service, views: Sequence[View]) -> None:
        self._service = service
        self._statements = Statements(views)
        self._caller = spelled(service.callers.statement)
        self._count_statement = telemetry.STATEMENTS.labels(service.blueprint.name).inc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        try:
            if scope["method"] != "POST":
                raise MethodNotAllowed("POST")
            content = await self._answer(scope["path"].removeprefix(PREFIX), headers, receive)
            status = HTTPStatus.OK
            fields = [
                (b"content-type", MEDIA_TYPE),
                (b"content-length", str(len(content)).encode()),
            ]
        except Exception as error:  # noqa: BLE001 - the last door: rendered, logged, never swallowed
            refusal = respond(problem_of(error))
            status, content = HTTPStatus(refusal.status_code), bytes(refusal.body)
            fields = refusal.raw_headers
        name, seconds = self._service.blueprint.name, perf_counter() - started
        telemetry.answered(name, "POST", "/views/{view}", status, seconds=seconds)
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, name: str, headers: Mapping[bytes, str], receive: Receive) -> bytes:
        view = self._statements.view(name)
        token = auth.bearer(headers.get(b"authorization"))
        claims = await self._service.verifier.verify(token)
        line, values, keys = _parts(await _body(receive))
        async with self._service.database.reading(claims.tenant_id) as reader:
            principal = await self._principal(reader, claims)
            prepared = self._statements.prepare(view, line, principal, values)
            parameters = _parameters(prepared, principal, values, keys)
            self._count_statement()
            found = await reader.fetchval(
                prepared.statement.text, *prepared.statement.values(parameters)
            )
        return str(found or "").encode()

    async def _principal(self, reader: Reader, claims: Claims) -> Principal:
        if claims.client_id is not None:
            return callers.client(claims)
        self._count_statement()
        values = self._caller.values({"subject": claims.subject})
        row = await reader.fetchrow(self._caller.text, *values)
        assert row is not None
        return self._service.callers.person(claims, row["id"], row["grants"])


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise TooLarge(f"An ask is at most {MOST_BYTES} bytes.")
        if not message.get("more_body"):
            return bytes(body)


def _parts(body: bytes) -> tuple[bytes, list[Any], list[UUID]]:
    try:
        line, values, keys = body.split(b"\n", 2)
        wire = json.loads(values)
        ids = [UUID(key) for key in keys.decode("ascii").split(",") if key]
    except (ValueError, RecursionError):
        raise BadRequest("Send three lines: the ask, an array of values, keys.") from None
    if not isinstance(wire, list) or len(ids) > MOST_KEYS:
        raise BadRequest(f"Send an array of values and at most {MOST_KEYS} keys.")
    return line, wire, ids


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
