"""Objects inside a row: parts made of its own columns, and the elements of its JSONB arrays."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, case, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from shared.problems import BadRequest
from shared.tenancy import Principal
from shared.views import making, sql
from shared.views.ask import Selected
from shared.views.declare import Elements, Embedded, Made, Part, Sealed

Members: TypeAlias = Mapping[str, str | Part]


def inside(
    field: Embedded | Elements | Sealed | Made,
    principal: Principal,
    rows: FromClause,
    selected: Selected,
    alias: Callable[[], str],
    first: Callable[[Mapping[str, int]], ColumnElement[int]],
) -> ColumnElement[str]:
    """Objects that the row itself holds; `first` says how many at most."""
    match field:
        case Embedded():
            return embedded(field, rows, selected)
        case Elements():
            most = first(selected.arguments) if "first" in selected.arguments else None
            return elements(field, principal, rows, selected, alias=alias, most=most)
        case Sealed():
            return sealed(field, rows, selected, alias=alias, first=first(selected.arguments))
        case Made():
            return _material(field, rows, selected, first(selected.arguments))


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


def sealed(
    field: Sealed,
    rows: FromClause,
    selected: Selected,
    *,
    alias: Callable[[], str],
    first: ColumnElement[int],
) -> ColumnElement[str]:
    """The mark with what is asked of the object, in hexadecimal digits: who opens it chooses, as here for others."""
    asked = {"name": field.name, "make": field.made_by, "select": _chosen(field.members, selected)}
    digits = json.dumps(asked, separators=(",", ":")).encode().hex()
    mark: ColumnElement[str] = field.mark(rows.c)
    marked: ColumnElement[Any] = mark.op("||")(sql.quoted(f":{digits}"))
    if field.material is not None:
        material = func.convert_to(field.material(rows.c), sql.quoted("UTF8"))
        spelled = sql.concat(
            [
                marked,
                sql.quoted(":"),
                sql.text_of(first),
                sql.quoted(":"),
                func.encode(material, sql.quoted("hex")),
            ]
        )
        marked = case((mark.is_not(None), spelled))
    if field.plain is None:
        return sql.json_of(marked)
    whole = field.plain(rows.c)
    return case((whole.is_(None), sql.json_of(marked)), else_=_plain(field, whole, selected, alias))


def _material(
    field: Made, rows: FromClause, selected: Selected, first: ColumnElement[int]
) -> ColumnElement[str]:
    """Where something is made of the row, with what of it is asked."""
    asked = {"make": field.by, "select": _chosen(field.members, selected)}
    digits = json.dumps(asked, separators=(",", ":"))
    parts = [sql.quoted(f"{making.START}{digits}{making.SEPARATOR}"), sql.text_of(first)]
    parts += [sql.quoted(making.SEPARATOR), field.material(rows.c), sql.quoted(making.STOP)]
    return sql.concat(parts)


def _plain(
    field: Sealed, whole: ColumnElement[Any], selected: Selected, alias: Callable[[], str]
) -> ColumnElement[str]:
    if not selected.select:
        return sql.json_of(whole[field.name])
    return _part(whole[field.name], Part(field.name, field.members), selected, alias)


def _chosen(members: Members, selected: Selected) -> list[list[Any]] | None:
    """Each as [alias, member, constant, what of it], and a slot if there is one; None for a value."""
    if not selected.select:
        return None
    chosen: list[list[Any]] = []
    for asked in selected.select:
        if asked.text is not None:
            chosen.append([asked.alias, None, asked.text, None])
            continue
        member = members.get(asked.field)
        if member is None:
            raise BadRequest(f"{selected.field} has no field {asked.field}.")
        if isinstance(member, Part):
            chosen.append([asked.alias, member.name, None, _chosen(member.members, asked)])
        else:
            slot = [] if asked.slot is None else [asked.slot]
            chosen.append([asked.alias, member, None, None, *slot])
    return chosen


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
