"""The Relay connection of one page of rows, as one SQL value."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    func,
    or_,
    select,
    true,
)

from shared.accesses import marks
from shared.problems import BadRequest
from shared.views import sql
from shared.views.ask import Ask, Selected
from shared.views.declare import Columns, View

if TYPE_CHECKING:
    from shared.views.compiler import Compiler


class Connection:
    """A Relay connection over one page of rows, each part computed only when it is selected.

    `person` is whose rows they are, if they are all of one.
    """

    def __init__(
        self,
        compiler: "Compiler",
        view: View,
        rows: FromClause,
        asked: Ask | Selected,
        predicates: Sequence[ColumnElement[bool]],
        outer: FromClause | None,
        person: ColumnElement[Any] | None,
    ) -> None:
        self._compiler = compiler
        self._view = view
        self._rows = rows
        self._asked = asked
        self._arguments = asked.arguments
        self._predicates = predicates
        self._outer = outer
        self._person = person
        self._record = compiler.shown if person is None else compiler.record
        self._columns: list[ColumnElement[Any]] = []
        self._first = compiler.first(asked.arguments)

    def value(self) -> ColumnElement[str]:
        parts = [(part.alias, self._part(part)) for part in self._asked.select]
        page = self._page()
        members = [(alias, build(page)) for alias, build in parts]
        principal, logged = self._compiler.principal, self._view.logged
        mark = marks.of_list(principal, logged, self._person, func.count())
        value = sql.concat([sql.json_object(members), *mark]) if mark else sql.json_object(members)
        return select(value).select_from(page).having(true()).scalar_subquery()

    def _part(self, part: Selected) -> Any:
        if part.text is not None:
            return lambda _page: sql.quoted(f'"{part.text}"')
        match part.field:
            case "nodes":
                return self._array(self._record(self._view, self._rows, part.select))
            case "edges":
                return self._array(sql.json_object([(s.alias, self._edge(s)) for s in part.select]))
            case "totalCount":
                return self._total_count()
            case "pageInfo":
                return self._page_info(part.select)
        raise BadRequest(f"A connection has no field {part.field}.")

    def _column(self, expression: ColumnElement[Any]) -> str:
        self._columns.append(expression.label(f"v{len(self._columns)}"))
        return f"v{len(self._columns) - 1}"

    def _cursor(self) -> ColumnElement[str]:
        order = self._compiler.order(self._view, self._arguments)
        columns = [self._rows.c[name.removeprefix("-")] for name in order]
        chosen = self._compiler.chosen_order(self._arguments)
        return sql.cursor(f"{self._asked.list_name} {chosen}", columns)

    def _edge(self, selected: Selected) -> ColumnElement[str]:
        if selected.text is not None:
            return sql.quoted(f'"{selected.text}"')
        match selected.field:
            case "cursor":
                return self._cursor()
            case "node":
                return self._record(self._view, self._rows, selected.select)
        raise BadRequest(f"An edge has no field {selected.field}.")

    def _array(self, item: ColumnElement[str]) -> Any:
        name = self._column(item)

        def build(page: FromClause) -> ColumnElement[str]:
            items = func.string_agg(page.c[name], sql.quoted(",")).filter(page.c.n <= self._first)
            return sql.concat([sql.quoted("["), items, sql.quoted("]")])

        return build

    def _total_count(self) -> Any:
        counted = correlated(
            select(func.count()).select_from(self._rows).where(*self._predicates), self._outer
        )
        return lambda _page: sql.text_of(counted.scalar_subquery())

    def _page_info(self, selection: Sequence[Selected]) -> Any:
        cursor = self._column(self._cursor())
        has_previous = "after" in self._arguments and bool(
            self._compiler.after(self._view, self._rows.c, self._arguments)
        )

        def member(page: FromClause, selected: Selected) -> ColumnElement[str]:
            if selected.text is not None:
                return sql.quoted(f'"{selected.text}"')
            shown = page.c.n <= self._first
            match selected.field:
                case "hasNextPage":
                    return sql.text_of(func.count() > self._first)
                case "hasPreviousPage":
                    return sql.quoted("true" if has_previous else "false")
                case "startCursor":
                    return _quoted_or_null(func.min(page.c[cursor]).filter(page.c.n == 1, shown))
                case "endCursor":
                    in_order = func.array_agg(page.c[cursor], type_=ARRAY(Text)).filter(shown)
                    last = func.least(func.count(), self._first, type_=Integer())
                    return _quoted_or_null(in_order[last])
            raise BadRequest(f"PageInfo has no field {selected.field}.")

        return lambda page: sql.json_object([(s.alias, member(page, s)) for s in selection])

    def _page(self) -> FromClause:
        c, rows = self._compiler, self._rows
        ordering = c.ordering(self._view, rows.c, self._arguments)
        return correlated(
            select(*self._columns, func.row_number().over(order_by=ordering).label("n"))
            .select_from(rows)
            .where(*self._predicates, *c.after(self._view, rows.c, self._arguments))
            .order_by(*ordering)
            .limit(self._first + sql.number(1)),
            self._outer,
        ).lateral(c.alias())


def beyond(
    row: Columns, order: Sequence[str], value: Callable[[str, int], ColumnElement[Any]]
) -> ColumnElement[bool]:
    """Rows behind the sort values of a cursor, in an order some of whose columns are turned round."""
    further: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for at, column in enumerate(order):
        name = column.removeprefix("-")
        last = value(name, at)
        step = row[name] < last if column.startswith("-") else row[name] > last
        further.append(and_(*equal, step))
        equal.append(row[name] == last)
    return or_(*further)


def correlated(statement: Select[Any], outer: FromClause | None) -> Select[Any]:
    return statement if outer is None else statement.correlate(outer)


def _quoted_or_null(cursor: ColumnElement[str]) -> ColumnElement[str]:
    return func.coalesce(cursor, sql.quoted("null"))
