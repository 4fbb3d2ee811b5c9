"""The compiled statements of a service's views, found again by the bytes that asked for them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from shared.callers import Callers
from shared.guard import as_caller
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views.ask import Ask, read
from shared.views.compiler import Compiler
from shared.views.declare import Argument, View

MOST_STATEMENTS = 1024
DIALECT: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Text:
    """A statement as the bare driver takes it: its text, where each `$n` comes from, and constants by name."""

    text: str
    names: Sequence[str]
    constants: Mapping[str, Any]

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """The values in the order of `$1`, `$2`, …; a parameter stands before a constant of its name."""
        return [
            parameters[name] if name in parameters else self.constants[name] for name in self.names
        ]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A view's statement, the types of its argument places, where the sort values of cursors go and how many."""

    statement: Text
    arguments: Mapping[int, Argument]
    cursor_parts: Mapping[str, tuple[int, int]]
    cursors: Mapping[int, int]


class Statements:
    """The statements of one service's views; the oldest are forgotten first."""

    def __init__(self, views: Sequence[View], callers: Callers) -> None:
        self._views = {view.name: view for view in views}
        self._callers = callers
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
        """The statement for an ask, for callers of this shape, and for which arguments have a value."""
        ask = self._read(line)
        orders = {place: values[place] for place in ask.order_places if place < len(values)}
        given = tuple(value is not None for value in values)
        identity = (view.name, line, principal.shape, given, tuple(orders.items()))
        if (known := self._prepared.get(identity)) is None:
            compiler = Compiler(principal, given=given, orders=orders)
            text = spelled(as_caller(self._callers, principal, compiler.statement(view, ask)))
            known = Prepared(text, compiler.used, compiler.cursor_parts, compiler.cursors)
            _store(self._prepared, identity, known)
        return known

    def _read(self, line: bytes) -> Ask:
        if (ask := self._asks.get(line)) is None:
            ask = read(line)
            _store(self._asks, line, ask)
        return ask


def spelled(statement: ClauseElement) -> Text:
    """A statement of SQLAlchemy's as the bare driver takes it; its parameters are declared with `required=False`."""
    compiled: Any = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    constants = {name: _constant(value) for name, value in compiled.params.items()}
    return Text(compiled.string, list(compiled.positiontup or ()), constants)


def _constant(value: Any) -> Any:
    """Enumerations are stored as text by value."""
    return value.value if isinstance(value, Enum) else value


def _store(cache: OrderedDict[Any, Any], key: object, value: object) -> None:
    cache[key] = value
    if len(cache) > MOST_STATEMENTS:
        cache.popitem(last=False)
