"""A compiled operation: which views are asked for what, in which order, and where their records are laid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql.execution.values import VariableValues

ReadArguments: TypeAlias = Callable[[VariableValues], Sequence[Any]]
"""Variable values → the wire values of a call's argument places."""


@dataclass(slots=True)
class Call:
    """One batch: all records of one view that one level of the query needs, whatever their number.

    `ask` is the constant first line of the request; `slots` the calls whose records are laid into this one's; `empty`
    is laid where a key has no record. `paths` are where the fields stand in the answer, `*` for an index of a list:
    fields that ask the same of the same view share a call.
    """

    service: str
    view: str
    ask: bytes
    arguments: ReadArguments
    takes_arguments: bool
    empty: bytes
    paths: list[tuple[str, ...]]
    slots: list["Call"] = field(default_factory=list)

    def is_like(self, other: "Call") -> bool:
        """Whether one answer serves both: no arguments, nothing below, the very same ask."""
        bare = not (self.slots or other.slots or self.takes_arguments or other.takes_arguments)
        return bare and (self.service, self.view, self.ask) == (
            other.service,
            other.view,
            other.ask,
        )

    @property
    def target(self) -> bytes:
        return f"/views/{self.view}".encode()


@dataclass(frozen=True, slots=True)
class RootField:
    """A field of the operation: its call, and the keys that it starts from.

    `constant` is the whole value of a field that needs no call (`__typename`). With `by_noun` (the Relay `node` and
    `nodes`) the call is chosen by the noun of each id.
    """

    alias: str
    keys: ReadArguments
    call: Call | None = None
    constant: bytes | None = None
    by_noun: Mapping[str, Call] | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A query, ready to run with any variables."""

    fields: tuple[RootField, ...]
