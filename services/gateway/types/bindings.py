"""Where the types of the schema are read: which service's view shows a type, which edge crosses to another service."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ViewRef:
    """A service's view; a `patient` one may take longer than others, and is asked by a request of its own."""

    service: str
    view: str
    patient: bool = False

    @property
    def services(self) -> tuple[str, ...]:
        return (self.service,)


@dataclass(frozen=True, slots=True)
class Spread:
    """A noun of which several services keep rows, each in a view of that name: their pages are laid into one.

    All order them by an instant and an id, latest first, so that a cursor means the same place to each. The connection
    has a field `parts` with a nullable member a service.
    """

    view: str
    services: tuple[str, ...]

    @property
    def views(self) -> tuple[ViewRef, ...]:
        return tuple(ViewRef(service, self.view) for service in self.services)


Target: TypeAlias = ViewRef | Spread


@dataclass(frozen=True, slots=True)
class Join:
    """An edge of a type that another view answers.

    `by` is how that view is asked (`id`, or one of its lists); `key` the field of this type's view that holds the key,
    `key` itself meaning the row's own.
    """

    target: Target
    by: str = "id"
    key: str = "key"


@dataclass(frozen=True, slots=True)
class Root:
    """A field of Query: the view that answers it, asked for one key (an argument's, or the caller's) or for all.

    `by="all"` asks for all; `by="viewer"` asks with the caller's own key, which the service knows; `by="first"` for the
    first record that the arguments leave.
    """

    target: Target
    by: str = "all"
    key_argument: str | None = None


@dataclass(frozen=True, slots=True)
class Bindings:
    """All of it, checked against the schema and the services' views by a contract test."""

    nouns: dict[str, Target]
    joins: dict[tuple[str, str], Join]
    roots: dict[str, Root]
