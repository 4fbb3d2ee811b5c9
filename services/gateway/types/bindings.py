"""Where the types of the schema are read: which service's view shows a type, which edge crosses to another service."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ViewRef:
    """A service's view; a `patient` one may take longer than others, and is asked by a request of its own."""

    service: str
    view: str
    patient: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """An edge of a type that another view answers.

    `by` is how that view is asked (`id`, or one of its lists); `key` the field of this type's view that holds the key,
    `key` itself meaning the row's own.
    """

    target: ViewRef
    by: str = "id"
    key: str = "key"


@dataclass(frozen=True, slots=True)
class Root:
    """A field of Query: the view that answers it, asked for one key (an argument's, or the caller's) or for all.

    `by="all"` asks for all; `by="viewer"` asks with the caller's own key, which the service knows; `by="first"` for the
    first record that the arguments leave.
    """

    target: ViewRef
    by: str = "all"
    key_argument: str | None = None


@dataclass(frozen=True, slots=True)
class Bindings:
    """All of it, checked against the schema and the services' views by a contract test."""

    nouns: dict[str, ViewRef]
    joins: dict[tuple[str, str], Join]
    roots: dict[str, Root]
