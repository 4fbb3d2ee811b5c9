"""How a field of the schema is declared: described always, with arguments where it takes any.

No field has a resolver: the graph reads a type from its view. A declaration is name, type, description.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

E = TypeVar("E", bound=StrEnum)


def shown(description: str, *, deprecated: str | None = None) -> Any:
    """A field without arguments; `deprecated` is the reason and what to use instead."""
    return strawberry.field(description=description, deprecation_reason=deprecated)


def argument(kind: Any, description: str, *, default: Any = strawberry.UNSET) -> StrawberryArgument:
    """An argument of a field; its name is the keyword that it is given under."""
    return StrawberryArgument(
        python_name="",
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        default=default,
    )


def taking(description: str, **arguments: StrawberryArgument) -> Any:
    """A field with arguments."""
    field = strawberry.field(description=description)
    for name, declared in arguments.items():
        declared.python_name = name
    field.arguments = list(arguments.values())
    return field


def paged(description: str, **further: StrawberryArgument) -> Any:
    """A connection field: `first` and `after`, then what narrows or orders it."""
    return taking(description, **_page(), **further)


def _page() -> dict[str, StrawberryArgument]:
    return {
        "first": argument(int, "How many at most, from 0 to 100.", default=25),
        "after": argument(
            str | None, "Start after this cursor of an earlier page.", default=strawberry.UNSET
        ),
    }


def limited(description: str, *, first: int = 25, **further: StrawberryArgument) -> Any:
    """A plain list that shows its first few."""
    return taking(
        description,
        first=argument(int, "How many at most, from 0 to 100.", default=first),
        **further,
    )


def told(description: str, **values: str) -> Callable[[type[E]], type[E]]:
    """Makes a GraphQL enumeration of a class, with the description of each value under its name."""

    def register(enumeration: type[E]) -> type[E]:
        if undescribed := {member.name for member in enumeration} ^ values.keys():
            raise ValueError(f"{enumeration.__name__}: describe {min(undescribed)}")
        strawberry.enum(enumeration, description=description)
        definition = enumeration.__strawberry_definition__  # type: ignore[attr-defined]
        for value in definition.values:
            value.description = values[value.name]
        return enumeration

    return register
