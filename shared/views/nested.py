"""Objects inside a row: parts made of its own columns, and the elements of its JSONB arrays."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, case, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from shared.problems import BadRequest
from shared.tenancy import Principal
from shared.views import sql
from shared.views.ask import Selected
from shared.views.declare import Elements, Embedded, Part

Members: TypeAlias = Mapping[str, str | Part]


def embedded(field: Embedded, rows: FromClause, selected: Selected) -> ColumnElement[str]:
    def member(part: Selected) -> ColumnElement[str]:
        if part.text is not None:
            return sql.quoted(f'"{part.text}"')
        match field.fields.get(part.field):
            case None:
                raise BadRequest(f"{selected.field} has no field {part.field}.")
            case Embedded() as deeper:
                return embedded(deeper, rows, part)
            case scalar:
                value = scalar.expression(rows.c)
                return sql.json_of(value) if part.slot is None else sql.slot(part.slot, value)

    return sql.json_object([(part.alias, member(part)) for part in selected.select])


def elements(
    field: Elements,
    principal: Principal,
    rows: FromClause,
    selected: Selected,
    *,
    alias: Callable[[], str],
    most: ColumnElement[int] | None,
) -> ColumnElement[str]:
    """At most `most` elements, or all of them."""
    if field.seen is not None:
        return _list(field.seen(principal, rows.c), field.members, selected, alias, most)
    array = field.array
    if field.without is not None and all(each.field != field.dear for each in selected.select):
        array = field.without
    return _list(array(rows.c), field.members, selected, alias, most)


def _list(
    array: ColumnElement[Any],
    members: Members,
    selected: Selected,
    alias: Callable[[], str],
    most: ColumnElement[int] | None = None,
) -> ColumnElement[str]:
    each = (
        func.jsonb_array_elements(array)
        .table_valued(column("value", JSONB), with_ordinality="place")
        .render_derived(alias())
    )
    item = _object(each.c.value, members, selected, alias)
    items = func.string_agg(item, aggregate_order_by(sql.quoted(","), each.c.place))
    spelled = sql.concat([sql.quoted("["), items, sql.quoted("]")])
    statement = select(spelled).select_from(each)
    if most is not None:
        statement = statement.where(each.c.place <= most)
    return statement.scalar_subquery()


def _object(
    value: ColumnElement[Any], members: Members, selected: Selected, alias: Callable[[], str]
) -> ColumnElement[str]:
    def member(asked: Selected) -> ColumnElement[str]:
        if asked.text is not None:
            return sql.quoted(f'"{asked.text}"')
        match members.get(asked.field):
            case None:
                raise BadRequest(f"{selected.field} has no field {asked.field}.")
            case Part() as part:
                return _part(value[part.name], part, asked, alias)
            case name:
                found = value[name]
                return (
                    sql.json_of(found) if asked.slot is None else sql.slot(asked.slot, found.astext)
                )

    return sql.json_object([(asked.alias, member(asked)) for asked in selected.select])


def _part(
    value: ColumnElement[Any], part: Part, asked: Selected, alias: Callable[[], str]
) -> ColumnElement[str]:
    if asked.shape == "list":
        return _list(value, part.members, asked, alias)
    whole = _object(value, part.members, asked, alias)
    return case((func.jsonb_typeof(value) == sql.quoted("object"), whole), else_=sql.quoted("null"))
