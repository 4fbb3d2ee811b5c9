"""A compiled operation: which views are asked for what, in which order, and where their records are laid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql.execution.values import VariableValues

from services.gateway.graph.spread import Layout

ReadKeys: TypeAlias = Callable[[VariableValues], Sequence[Any]]
"""Variable values → the keys that a field of the operation starts from; raises `GraphQLError`."""
ReadValues: TypeAlias = Callable[[VariableValues], bytes]
"""Variable values → the values of a call's arguments, a JSON array; raises `GraphQLError`."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A field whose arguments cannot be read; null goes up to the first `depth` steps of its path."""

    error: Exception
    depth: int


@dataclass(slots=True)
class Call:
    """One batch: all records of one view that one level of the query needs, whatever their number.

    `head` are the first lines of its request, view and ask, `values` the next: bytes where no variable is in it.
    `slots` are the calls whose records are laid into this one's; `empty` is laid where a key has no record. `paths` are
    where the fields stand in the answer, `*` for an index of a list: fields that ask the same share a call.

    A `patient` call goes by a request of its own, with all the time that is left.

    When the arguments of a field inside cannot be read, `without_refused` compiles the call anew for these variables,
    with a `refused` call in place of each such field, so that the rest is answered.

    With `parts`, a call to each of several services, it is not asked itself: their answers are laid into one, pages by
    the `layout`; its `values` are those of its own arguments alone.
    """

    service: str
    head: bytes
    values: bytes | ReadValues
    empty: bytes
    paths: list[tuple[str, ...]]
    slots: list["Call"] = field(default_factory=list)
    without_refused: Callable[[VariableValues], "Call"] | None = None
    refused: Refused | None = None
    parts: tuple["Call", ...] = ()
    layout: Layout | None = None
    patient: bool = False

    def is_like(self, other: "Call") -> bool:
        """Whether one answer serves both: nothing below, the very same ask with the very same values."""
        if self.slots or other.slots or self.parts or not isinstance(self.values, bytes):
            return False
        own, others = (
            (self.service, self.head, self.values),
            (other.service, other.head, other.values),
        )
        return own == others


@dataclass(frozen=True, slots=True)
class RootField:
    """A field of the operation: its call, and the keys that it starts from.

    `constant` is the whole value of a field that needs no call (`__typename`). With `by_noun` (the Relay `node` and
    `nodes`) the call is chosen by the noun of each id.
    """

    alias: str
    keys: ReadKeys
    call: Call | None = None
    constant: bytes | None = None
    by_noun: Mapping[str, Call] | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A query, ready to run with any variables."""

    fields: tuple[RootField, ...]
