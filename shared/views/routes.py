"""The one generic endpoint behind every view: `POST /views/{view}`, one statement an answer."""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import BindParameter, Dialect
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.ext.asyncio import AsyncSession

from shared.door import Acting, Transaction
from shared.door import router as door_router
from shared.problems import BadRequest, NotFound
from shared.tenancy import Principal
from shared.views.ask import Ask, read
from shared.views.compiler import KEYS, Compiler
from shared.views.declare import Argument, View

MEDIA_TYPE = "application/vnd.waymark.records"
MOST_KEYS = 2000
MOST_STATEMENTS = 1024
DIALECT: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compiled statement: its text, where each `$n` comes from, constants, and how to read argument values."""

    text: str
    names: Sequence[str]
    constants: Mapping[str, Any]
    arguments: Mapping[int, Argument]
    cursor_parts: Mapping[str, tuple[int, int]]


class Statements:
    """The compiled statements of one service, the least recently used forgotten first."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = {view.name: view for view in views}
        self._prepared: OrderedDict[object, Prepared] = OrderedDict()
        self._asks: OrderedDict[bytes, Ask] = OrderedDict()

    def view(self, name: str) -> View:
        try:
            return self._views[name]
        except KeyError:
            raise NotFound from None

    def prepare(
        self, view: View, line: bytes, principal: Principal, values: Sequence[Any]
    ) -> Prepared:
        ask = self._read(line)
        orders = {place: values[place] for place in _order_places(ask) if place < len(values)}
        given = tuple(value is not None for value in values)
        identity = (view.name, line, principal.shape, given, tuple(orders.items()))
        if (known := self._prepared.get(identity)) is None:
            compiler = Compiler(principal, given=given, orders=orders)
            known = _compile(compiler, view, ask)
            _store(self._prepared, identity, known)
        return known

    def _read(self, line: bytes) -> Ask:
        if (ask := self._asks.get(line)) is None:
            ask = read(line)
            _store(self._asks, line, ask)
        return ask


def _store(cache: OrderedDict[Any, Any], key: object, value: object) -> None:
    cache[key] = value
    if len(cache) > MOST_STATEMENTS:
        cache.popitem(last=False)


def _order_places(ask: Ask) -> set[int]:
    def places(selection: Sequence[Any]) -> set[int]:
        found = {s.arguments["orderBy"] for s in selection if "orderBy" in s.arguments}
        return found.union(*(places(s.select) for s in selection))

    own = {ask.arguments["orderBy"]} if "orderBy" in ask.arguments else set()
    return own | places(ask.select)


def _compile(compiler: Compiler, view: View, ask: Ask) -> Prepared:
    compiled = compiler.statement(view, ask).compile(dialect=DIALECT)
    names = list(compiled.positiontup or ())
    constants = {name: _constant(compiled.binds[name]) for name in names}
    return Prepared(compiled.string, names, constants, compiler.used, compiler.cursor_parts)


def _constant(parameter: BindParameter[Any]) -> Any:
    """The value as the driver takes it, e.g. an enumeration's text."""
    spell = parameter.type.dialect_impl(DIALECT).bind_processor(DIALECT)
    return parameter.value if spell is None or parameter.value is None else spell(parameter.value)


async def answer(
    session: AsyncSession, principal: Principal, statements: Statements, name: str, body: bytes
) -> bytes:
    """The records of one ask; raises `NotFound` for an unknown view and `BadRequest` for an unreadable ask."""
    view = statements.view(name)
    line, values, keys = _parts(body)
    prepared = statements.prepare(view, line, principal, values)
    parameters = {**prepared.constants, **principal.parameters(), KEYS: keys}
    for place, argument in prepared.arguments.items():
        parameters[f"arg_{place}"] = _value(argument, values[place])
    for name, (place, index) in prepared.cursor_parts.items():
        parameters[name] = _cursor_part(values[place], index)
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    found = await raw.fetchval(prepared.text, *(parameters[name] for name in prepared.names))
    return str(found).encode()


def _parts(body: bytes) -> tuple[bytes, list[Any], list[UUID]]:
    try:
        line, values, keys = body.split(b"\n", 2)
        wire = json.loads(values)
        ids = [UUID(key) for key in keys.decode("ascii").split(",") if key]
    except ValueError:
        raise BadRequest("Send three lines: the ask, an array of values, keys.") from None
    if not isinstance(wire, list) or len(ids) > MOST_KEYS:
        raise BadRequest(f"Send an array of values and at most {MOST_KEYS} keys.")
    return line, wire, ids


def _value(argument: Argument, wire: Any) -> Any:
    try:
        if argument.many:
            return [_single(argument.python_type, value) for value in wire]
        return _single(argument.python_type, wire)
    except (ValueError, TypeError):
        kind = argument.python_type.__name__
        raise BadRequest(f"A value is not readable as {kind}.") from None


def _cursor_part(wire: Any, index: int) -> str:
    if isinstance(wire, list) and index < len(wire) and isinstance(part := wire[index], str):
        return part
    raise BadRequest("query:after: use a cursor of this very list.")


def _single(python_type: type, wire: Any) -> Any:
    if python_type in (date, datetime):
        return python_type.fromisoformat(wire)
    if python_type is UUID:
        return UUID(wire)
    if not isinstance(wire, python_type) and not (python_type is float and isinstance(wire, int)):
        raise TypeError
    return wire


def router(views: Sequence[View]) -> APIRouter:
    """The endpoint over these views."""
    statements = Statements(views)
    routes = door_router("/views", "views")

    @routes.post(
        "/{view}",
        response_class=Response,
        responses={200: {"content": {MEDIA_TYPE: {}}, "description": "`key TAB json` lines."}},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "text/plain": {
                        "schema": {
                            "type": "string",
                            "description": "Three lines: the ask (JSON), argument values (a JSON "
                            "array), keys (parted by commas).",
                        }
                    }
                },
            }
        },
    )
    async def read_view(
        view: str, request: Request, session: Transaction, principal: Acting
    ) -> Response:
        """Records of one noun as the caller may see them, with the fields that the ask names."""
        content = await answer(session, principal, statements, view, await request.body())
        return Response(content, media_type=MEDIA_TYPE)

    return routes
