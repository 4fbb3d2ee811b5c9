"""An ask and a view become one SQL statement whose single value is the whole answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    select,
    tuple_,
)

from shared.accesses import marks
from shared.policy import me
from shared.problems import BadRequest
from shared.tenancy import Principal
from shared.views import nested, sql
from shared.views.ask import Ask, Selected
from shared.views.connection import Connection, beyond, correlated
from shared.views.declare import Argument, Columns, Many, One, Scalar, View

DEFAULT_FIRST, MOST_FIRST = 25, 100
KEYS = "keys"
OWN_KEY = "key"
PAGE_ARGUMENTS = {
    "first": Argument(int),
    "after": Argument(str, many=True),
    "orderBy": Argument(str),
}


class Compiler:
    """Compiles one ask for one shape of principal; `given` says which argument places have a value.

    `used` collects the name and type of every argument place, for reading the values; `cursor_parts` where the sort
    values of cursors go, and `cursors` how many each must have; `by_code` says whether the keys are codes. `orders`
    holds the values of `orderBy` arguments by place: an order is part of the statement's text. The names of its
    parameters begin with `prefix`.
    """

    def __init__(
        self,
        principal: Principal,
        *,
        given: Sequence[bool],
        orders: Mapping[int, str],
        prefix: str = "",
    ) -> None:
        self.principal = principal
        self._prefix = prefix
        self._given = given
        self._orders = orders
        self._aliases = 0
        self.used: dict[int, tuple[str, Argument]] = {}
        self.cursor_parts: dict[str, tuple[int, int]] = {}
        self.cursors: dict[int, int] = {}
        self.by_code = False

    def statement(self, view: View, ask: Ask) -> Select[str]:
        """Answers `key TAB json` lines for all keys as one text."""
        if ask.by == "all":
            value = self._rows(view, ask, None)
            return select(sql.concat([sql.quoted("\t"), value]))
        if ask.shape == "record":
            special = {"first": self._first, "viewer": self._own}
            return special.get(ask.by, self._records)(view, ask)
        listed = view.list_column(ask.by)
        keys = func.unnest(self._keys(view, listed)).table_valued("key").render_derived("asked")
        match = (listed, keys.c.key)
        value = self._rows(view, ask, match, keys)
        return select(sql.lines(sql.text_of(keys.c.key), value)).select_from(keys)

    def _keys(self, view: View, column: str) -> BindParameter[Any]:
        """Ids, or codes where rows are listed by a text."""
        self.by_code = view.is_code(column)
        kind = ARRAY(Text if self.by_code else Uuid)
        return bindparam(f"{self._prefix}{KEYS}", type_=kind, required=False)

    def _own(self, view: View, ask: Ask) -> Select[str]:
        """The record whose key is the caller's person."""
        rows = self._source(view, ask.arguments)
        own = (rows.c[view.key] == me(self.principal), view.visible(self.principal, rows.c))
        return select(sql.lines(sql.quoted(""), self.record(view, rows, ask.select))).where(*own)

    def _first(self, view: View, ask: Ask) -> Select[str]:
        """The record that stands first, of those that the arguments leave."""
        rows = self._source(view, ask.arguments)
        value = self.record(view, rows, ask.select).label("value")
        predicates = [view.visible(self.principal, rows.c)]
        predicates += self._filters(view, rows.c, ask.arguments)
        ordering = self.ordering(view, rows.c, ask.arguments)
        first = select(value).where(*predicates).order_by(*ordering).limit(sql.number(1)).subquery()
        return select(sql.lines(sql.quoted(""), first.c.value))

    def _records(self, view: View, ask: Ask) -> Select[str]:
        rows = self._source(view, ask.arguments)
        found_by = view.key if ask.by == "id" else view.list_column(ask.by)
        asked = rows.c[found_by] == any_(self._keys(view, found_by))
        value = self.shown(view, rows, ask.select)
        predicates = [asked, view.visible(self.principal, rows.c)]
        predicates += self._filters(view, rows.c, ask.arguments)
        return select(sql.lines(sql.text_of(rows.c[found_by]), value)).where(*predicates)

    def record(
        self, view: View, rows: FromClause, selection: Sequence[Selected]
    ) -> ColumnElement[str]:
        return sql.json_object([(s.alias, self._member(view, rows, s)) for s in selection])

    def shown(
        self, view: View, rows: FromClause, selection: Sequence[Selected]
    ) -> ColumnElement[str]:
        """A record, and the mark that it is shown."""
        record = self.record(view, rows, selection)
        mark = marks.of_row(self.principal, view.logged, rows.c)
        return sql.concat([record, *mark]) if mark else record

    def _member(self, view: View, rows: FromClause, selected: Selected) -> ColumnElement[str]:
        if selected.text is not None:
            return sql.quoted(f'"{selected.text}"')
        if selected.slot is not None and selected.field == OWN_KEY:
            return sql.slot(selected.slot, rows.c[view.key])
        try:
            field = view.fields[selected.field]
        except KeyError:
            raise BadRequest(f"View {view.name} has no field {selected.field}.") from None
        match field:
            case Scalar() if selected.slot is not None:
                return sql.slot(selected.slot, field.expression(rows.c))
            case Scalar():
                return sql.json_of(field.expression(rows.c))
            case One():
                return self._one(field.target(view), field.on, rows, selected)
            case Many():
                target = field.target(view)
                match = (target.list_column(field.by), rows.c[field.on])
                return self._rows(target, selected, match, rows)
            case inside:
                return nested.inside(inside, self.principal, rows, selected, self.alias, self.first)

    def _one(self, view: View, on: str, rows: FromClause, selected: Selected) -> ColumnElement[str]:
        row = self._source(view, selected.arguments)
        found = (
            select(self.shown(view, row, selected.select))
            .where(row.c[view.key] == rows.c[on])
            .where(view.visible(self.principal, row.c))
            .limit(sql.number(1))
            .correlate(rows)
        )
        return func.coalesce(found.scalar_subquery(), sql.quoted("null"))

    def _rows(
        self,
        view: View,
        asked: Ask | Selected,
        match: tuple[str, ColumnElement[Any]] | None,
        outer: FromClause | None = None,
    ) -> ColumnElement[str]:
        rows = self._source(view, asked.arguments)
        predicates = [view.visible(self.principal, rows.c)]
        predicates += self._filters(view, rows.c, asked.arguments)
        if match is not None:
            predicates.append(rows.c[match[0]] == match[1])
        person = match[1] if match and view.logged and match[0] == view.logged.person else None
        if asked.shape == "list":
            return self._list(view, rows, asked, predicates, outer, person)
        if asked.shape != "connection":
            raise BadRequest(f"Many rows of {view.name} are a list or a connection.")
        return Connection(self, view, rows, asked, predicates, outer, person).value()

    def _list(
        self,
        view: View,
        rows: FromClause,
        asked: Ask | Selected,
        predicates: Sequence[ColumnElement[bool]],
        outer: FromClause | None,
        person: ColumnElement[Any] | None,
    ) -> ColumnElement[str]:
        """`person` is whose rows they are, if they are all of one."""
        record = self.shown if person is None else self.record
        page = correlated(
            select(record(view, rows, asked.select).label("value"))
            .select_from(rows)
            .where(*predicates, *self.after(view, rows.c, asked.arguments))
            .order_by(*self.ordering(view, rows.c, asked.arguments))
            .limit(self.first(asked.arguments)),
            outer,
        ).lateral(self.alias())
        items = func.string_agg(page.c.value, sql.quoted(","))
        mark = marks.of_list(self.principal, view.logged, person, func.count(page.c.value))
        array = sql.concat([sql.quoted("["), items, sql.quoted("]"), *mark])
        return select(array).select_from(page).scalar_subquery()

    def _source(self, view: View, arguments: Mapping[str, int]) -> FromClause:
        if isinstance(view.source, FromClause):
            return view.source.alias(self.alias())
        bound = {
            name: parameter
            for name in arguments
            if name in view.arguments
            and (parameter := self.argument(view, arguments, name)) is not None
        }
        return view.source(self.principal, bound).alias(self.alias())

    def _filters(
        self, view: View, row: Columns, arguments: Mapping[str, int]
    ) -> list[ColumnElement[bool]]:
        unknown = arguments.keys() - view.arguments.keys() - PAGE_ARGUMENTS.keys()
        if unknown:
            raise BadRequest(f"View {view.name} has no argument {min(unknown)}.")
        return [
            predicate(row, parameter)
            for name in arguments
            if name in view.arguments
            and (predicate := view.arguments[name].predicate) is not None
            and (parameter := self.argument(view, arguments, name)) is not None
        ]

    def argument(
        self, view: View, arguments: Mapping[str, int], name: str
    ) -> BindParameter[Any] | None:
        """The parameter of an argument that has a value, else None."""
        place = arguments.get(name)
        if place is None:
            return None
        if not 0 <= place < len(self._given):
            raise BadRequest(f"Argument {name} points to no value.")
        if not self._given[place]:
            return None
        declared = PAGE_ARGUMENTS.get(name) or view.arguments[name]
        self.used[place] = (name, declared)
        kind = sql.TYPES[declared.python_type]
        many = ARRAY(kind) if declared.many else kind
        return bindparam(f"{self._prefix}arg_{place}", type_=many, required=False)

    def _sort_value(self, column: ColumnElement[Any], place: int, at: int) -> ColumnElement[Any]:
        """The cursor's value for the order's column number `at`, which the wire carries as text."""
        name = f"{self._prefix}arg_{place}_{at}"
        self.cursor_parts[name] = (place, at)
        return cast(bindparam(name, type_=Text(), required=False), column.type)

    def first(self, arguments: Mapping[str, int]) -> ColumnElement[int]:
        """How many rows at most; the gateway has checked the bound, and it holds here all the same."""
        place = arguments.get("first")
        if place is None or not self._given[place]:
            return sql.number(DEFAULT_FIRST)
        self.used[place] = ("first", PAGE_ARGUMENTS["first"])
        asked = bindparam(f"{self._prefix}arg_{place}", type_=Integer(), required=False)
        return func.least(
            func.greatest(asked, sql.number(0)), sql.number(MOST_FIRST), type_=Integer()
        )

    def chosen_order(self, arguments: Mapping[str, int]) -> str:
        """The value of `orderBy`, or nothing."""
        return self._orders.get(arguments.get("orderBy", -1)) or ""

    def order(self, view: View, arguments: Mapping[str, int]) -> tuple[str, ...]:
        chosen = self.chosen_order(arguments)
        if not chosen:
            return view.order
        try:
            return view.orders[chosen]
        except KeyError:
            raise BadRequest(f"View {view.name} has no order {chosen[:40]}.") from None

    def ordering(
        self, view: View, row: Columns, arguments: Mapping[str, int]
    ) -> list[ColumnElement[Any]]:
        order = self.order(view, arguments)
        return [row[n[1:]].desc() if n.startswith("-") else row[n] for n in order]

    def after(
        self, view: View, row: Columns, arguments: Mapping[str, int]
    ) -> list[ColumnElement[bool]]:
        """Rows beyond the cursor, in an order without turns by one comparison that an index answers."""
        place = arguments.get("after")
        if place is None or not self._given[place]:
            return []
        order = self.order(view, arguments)
        self.cursors[place] = len(order)
        if not any(name.startswith("-") for name in order):
            values = [self._sort_value(row[name], place, at) for at, name in enumerate(order)]
            return [tuple_(*(row[name] for name in order)) > tuple_(*values)]
        return [beyond(row, order, lambda name, at: self._sort_value(row[name], place, at))]

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"
