"""Objects inside a row: parts made of its own columns, and the elements of its JSONB arrays."""

from sqlalchemy import ColumnElement, FromClause, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from shared.problems import BadRequest
from shared.views import sql
from shared.views.ask import Selected
from shared.views.declare import Elements, Embedded


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
    field: Elements, rows: FromClause, selected: Selected, *, alias: str
) -> ColumnElement[str]:
    each = (
        func.jsonb_array_elements(field.array(rows.c))
        .table_valued(column("value", JSONB), with_ordinality="place")
        .render_derived(alias)
    )

    def member(part: Selected) -> ColumnElement[str]:
        if part.text is not None:
            return sql.quoted(f'"{part.text}"')
        if part.field not in field.members:
            raise BadRequest(f"{selected.field} has no field {part.field}.")
        value = each.c.value[field.members[part.field]]
        return sql.json_of(value) if part.slot is None else sql.slot(part.slot, value.astext)

    item = sql.json_object([(part.alias, member(part)) for part in selected.select])
    items = func.string_agg(item, aggregate_order_by(sql.quoted(","), each.c.place))
    array = sql.concat([sql.quoted("["), items, sql.quoted("]")])
    return select(array).select_from(each).scalar_subquery()
