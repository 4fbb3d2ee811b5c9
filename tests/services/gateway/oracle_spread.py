"""What the oracle makes of a noun that several services keep: their whole lists, sorted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
)
from graphql.execution.values import get_directive_values

from services.gateway.types.bindings import Spread
from tests.services.gateway.oracle_views import Page, Rows


async def spread_page(
    oracle: Any,
    info: GraphQLResolveInfo[Any],
    declared: GraphQLField,
    page: Page,
    rows: Rows,
    spread: Spread,
) -> Any:
    """One that is away spoils all, unless the answer tells of it by itself."""
    kind, told_of = oracle.node_type(declared), services_told_of(info)
    parts: dict[str, Any] = {}

    async def listed(after: Sequence[str] | None) -> Any:
        edges: list[Mapping[str, Any]] = []
        for view in spread.views:
            try:
                own = await oracle.rows_of(kind, replace(rows, target=view), after) or []
            except GraphQLError as error:
                if view.service not in told_of:
                    raise
                parts[view.service] = error
            else:
                parts.setdefault(view.service, {"totalCount": len(own)})
                edges += own
        return latest_first(edges)

    found = await oracle.many(declared, kind, page, listed)
    return None if found is None else {**found, "parts": parts}


async def spread_record(oracle: Any, kind: GraphQLObjectType, rows: Rows, spread: Spread) -> Any:
    """Whichever service has it."""
    failed: GraphQLError | None = None
    for view in spread.views:
        try:
            found = await oracle.one(kind, replace(rows, target=view))
        except GraphQLError as error:
            failed = error
        else:
            if found is not None:
                return found
    if failed is not None:
        raise failed
    return None


def services_told_of(info: GraphQLResolveInfo[Any]) -> set[str]:
    """Those whose absence the answer tells by itself."""
    return {
        part.name.value
        for told in _within(info.field_nodes, info)
        if told.name.value == "parts"
        for part in _within([told], info)
    }


def latest_first(edges: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    def place(edge: Mapping[str, Any]) -> tuple[datetime, str]:
        _nameless, instant, row = json.loads(edge["cursor"])
        return datetime.fromisoformat(instant), row

    return sorted(edges, key=place, reverse=True)


def _within(nodes: Sequence[Any], info: GraphQLResolveInfo[Any]) -> Iterator[FieldNode]:
    for node in nodes:
        for each in node.selection_set.selections if node.selection_set else ():
            if not _wanted(each, info):
                continue
            match each:
                case FieldNode():
                    yield each
                case InlineFragmentNode():
                    yield from _within([each], info)
                case FragmentSpreadNode():
                    yield from _within([_fragment(each, info)], info)


def _fragment(spread: FragmentSpreadNode, info: GraphQLResolveInfo[Any]) -> Any:
    found = info.fragments[spread.name.value]
    return getattr(found, "definition", found)


def _wanted(node: Any, info: GraphQLResolveInfo[Any]) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
    return not (skip and skip["if"]) and (include is None or bool(include["if"]))
