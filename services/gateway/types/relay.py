"""Relay's own types: nodes, pages, connections."""

from typing import Generic, TypeVar

import strawberry

from services.gateway.types.fields import shown

NodeType = TypeVar("NodeType")


@strawberry.interface(description="Whatever has an id of its own and can be asked for again by it.")
class Node:
    id: strawberry.ID = shown("Opaque; the same in every answer.")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = shown("Whether there is more after this page.")
    has_previous_page: bool = shown("Whether the page was asked for with a cursor.")
    start_cursor: str | None = shown("The cursor of the first edge.")
    end_cursor: str | None = shown("The cursor of the last edge, for the next page's `after`.")


@strawberry.type(description="A node and its place in the list.")
class Edge(Generic[NodeType]):
    cursor: str = shown("Opaque; where a next page may start.")
    node: NodeType = shown("The node.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    edges: list[Edge[NodeType]] = shown("The nodes with their cursors.")
    nodes: list[NodeType] = shown("The nodes alone.")
    page_info: PageInfo = shown("How to go on.")
    total_count: int = shown("How many there are in all, as far as you may see them.")
