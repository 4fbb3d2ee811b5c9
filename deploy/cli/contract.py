"""What clients of the GraphQL schema may rely on: the schema of the last release. It changes by deprecation first."""

from collections.abc import Container
from pathlib import Path
from typing import Any

from graphql import (
    BreakingChangeType,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)
from graphql.utilities import find_schema_changes

from deploy.local.problems import Refused
from shared.app import VERSION

GATEWAY = Path(__file__).resolve().parent.parent.parent / "services" / "gateway"
CURRENT, RELEASED = GATEWAY / "schema.graphql", GATEWAY / "schema.released.graphql"
HEADER = (
    f"# As released with {VERSION}; `waymark schema --release` moves it. Clients rely on it.\n\n"
)


class PromiseBroken(Refused):
    """Something would be gone or different that was not deprecated in the last release."""


def release(*, current: Path = CURRENT, released: Path = RELEASED) -> bool:
    """Makes the current schema what later ones are held to; whether that changed anything. Raises `PromiseBroken`."""
    before, sdl = released.read_text(), current.read_text()
    if broken := broken_promises(before, sdl):
        raise PromiseBroken(f"{' '.join(broken)} Deprecate it in this release, remove it later.")
    released.write_text(HEADER + sdl)
    return before != HEADER + sdl


def broken_promises(released: str, current: str) -> list[str]:
    """What breaks operations that were valid against the released SDL; a sentence each, sorted.

    Fields, arguments, input fields and enum values that the released SDL already marked `@deprecated` may be gone,
    and with them the types that only these led to.
    """
    now = build_schema(current)
    changes = find_schema_changes(_promised(released, now), now)
    return sorted(c.description for c in changes if isinstance(c.type, BreakingChangeType))


def _promised(released: str, now: GraphQLSchema) -> GraphQLSchema:
    """The released schema without what was deprecated in it and is gone by now."""
    schema = build_schema(released)
    for name, kind in schema.type_map.items():
        _withdraw(kind, now.get_type(name))
    return GraphQLSchema(
        schema.query_type,
        schema.mutation_type,
        schema.subscription_type,
        types=[kind for kind in schema.type_map.values() if _implements(kind)],
        directives=schema.directives,
    )


def _implements(kind: GraphQLNamedType) -> bool:
    """Whether a query can come to the type through an interface, e.g. `node`."""
    return isinstance(kind, GraphQLObjectType) and bool(kind.interfaces)


def _withdraw(kind: GraphQLNamedType, now: GraphQLNamedType | None) -> None:
    match kind:
        case GraphQLEnumType():
            _drop(kind.values, getattr(now, "values", {}))
        case GraphQLInputObjectType():
            _drop(kind.fields, getattr(now, "fields", {}))
        case GraphQLObjectType() | GraphQLInterfaceType():
            there = getattr(now, "fields", {})
            _drop(kind.fields, there)
            for name, field in kind.fields.items():
                _drop(field.args, getattr(there.get(name), "args", {}))


def _drop(members: dict[str, Any], there: Container[str]) -> None:
    for name, member in list(members.items()):
        if member.deprecation_reason is not None and name not in there:
            del members[name]
