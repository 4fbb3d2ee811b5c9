"""The compiled statements of a service's views, found again by the bytes that asked for them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import sqlalchemy
from sqlalchemy import BindParameter, ClauseElement, Dialect, Select, bindparam, literal, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.visitors import replacement_traverse

from shared.callers import Callers
from shared.guard import as_caller
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views.ask import Ask, read
from shared.views.compiler import Compiler
from shared.views.declare import Argument, Patience, View

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
    """What an ask takes: its arguments by place, with their names; where the sort values of cursors go and how many;
    whether its keys are codes."""

    arguments: Mapping[int, tuple[str, Argument]]
    cursor_parts: Mapping[str, tuple[int, int]]
    cursors: Mapping[int, int]
    by_code: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """The statement that answers some asks at once, an array of texts, and what each of them takes."""

    statement: Text
    parts: Sequence[Prepared]


class Wanted(Protocol):
    """An ask as it came: `wire.Asked`."""

    @property
    def view(self) -> str: ...
    @property
    def line(self) -> bytes: ...
    @property
    def values(self) -> Sequence[Any]: ...


class Statements:
    """The statements of one service's views; the oldest are forgotten first."""

    def __init__(self, views: Sequence[View], callers: Callers) -> None:
        self._views = {view.name: view for view in views}
        self._callers = callers
        self._prepared: OrderedDict[object, Together] = OrderedDict()
        self._asks: OrderedDict[bytes, Ask] = OrderedDict()

    def patience(self, wanted: Wanted) -> Patience | None:
        """How long an ask may take where that is longer than usual."""
        view = self._views.get(wanted.view)
        return view.patience if view else None

    def prepare(self, wanted: Sequence[Wanted], principal: Principal) -> Together:
        """The statement for some asks, for callers of this shape, and for which arguments have a value.

        Raises `BadRequest`, `NotFound`.
        """
        identity = (principal.shape, *(self._identity(each) for each in wanted))
        if (known := self._prepared.get(identity)) is None:
            known = self._compile(wanted, principal)
            _store(self._prepared, identity, known)
        return known

    def _identity(self, wanted: Wanted) -> tuple[object, ...]:
        given = tuple(value is not None for value in wanted.values)
        return wanted.view, wanted.line, given, tuple(self._orders(wanted).items())

    def _orders(self, wanted: Wanted) -> dict[int, Any]:
        """An order is part of the statement's text."""
        values = wanted.values
        places = self._read(wanted.line).order_places
        return {place: values[place] for place in places if place < len(values)}

    def _compile(self, wanted: Sequence[Wanted], principal: Principal) -> Together:
        answers: list[Any] = []
        parts: list[Prepared] = []
        for number, each in enumerate(wanted):
            try:
                view = self._views[each.view]
            except KeyError:
                raise NotFound from None
            given = tuple(value is not None for value in each.values)
            compiler = Compiler(
                principal, given=given, orders=self._orders(each), prefix=prefix(number)
            )
            answers.append(compiler.statement(view, self._read(each.line)).scalar_subquery())
            cursors = compiler.cursor_parts, compiler.cursors
            parts.append(Prepared(compiler.used, *cursors, by_code=compiler.by_code))
        texts: Any = array(answers, type_=sqlalchemy.Text())
        statement: Select[Any] = select(texts)
        return Together(spelled(as_caller(self._callers, principal, statement)), parts)

    def _read(self, line: bytes) -> Ask:
        if (ask := self._asks.get(line)) is None:
            ask = read(line)
            _store(self._asks, line, ask)
        return ask


def prefix(number: int) -> str:
    """Before the names of the parameters of an ask among several."""
    return f"a{number}_"


def spelled(statement: ClauseElement) -> Text:
    """A statement of SQLAlchemy's as the bare driver takes it; its parameters are declared with `required=False`.

    Constants become part of the text: they would be sent and read with every run, and hide from the planner.
    """
    fixed: Any = replacement_traverse(statement, {}, _inlined)
    compiled: Any = fixed.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    constants = {name: _constant(value) for name, value in compiled.params.items()}
    return Text(compiled.string, list(compiled.positiontup or ()), constants)


def _inlined(element: Any, **_options: Any) -> Any:
    if not isinstance(element, BindParameter) or not element.unique or element.value is None:
        return None
    if element.expanding:
        values = [_constant(each) for each in element.value]
        text = isinstance(values[0], str) if values else False
        kind = sqlalchemy.Text() if text else element.type
        return bindparam(None, values, kind, expanding=True, literal_execute=True, unique=True)
    kind = sqlalchemy.Text() if isinstance(element.value, Enum) else element.type
    return literal(_constant(element.value), kind, literal_execute=True)


def _constant(value: Any) -> Any:
    """Enumerations are stored as text by value."""
    return value.value if isinstance(value, Enum) else value


def _store(cache: OrderedDict[Any, Any], key: object, value: object) -> None:
    cache[key] = value
    if len(cache) > MOST_STATEMENTS:
        cache.popitem(last=False)
