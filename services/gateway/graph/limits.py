"""What a document may ask at most: measured before it is validated, in time linear to its text, whatever it stands for.

Fragments are measured once each and added up where they are spread, so that doubling fragments cost nothing to refuse.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

CODE = "LIMIT_EXCEEDED"
SCHEMA_FIELDS = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The published limits. All but the first five count what a document is after its fragments are spread.

    `repeats` counts pairs of one response key in one selection set, which validation compares with each other;
    `cost` the records that the answer may have, see `cost.py`.
    """

    body_bytes: int = 256 * 1024
    json_depth: int = 64
    values: int = 2_000
    characters: int = 64 * 1024
    tokens: int = 2_000
    operations: int = 1
    selections: int = 2_000
    depth: int = 10
    introspection_depth: int = 20
    aliases: int = 30
    root_fields: int = 20
    directives: int = 8
    fragments: int = 50
    repeats: int = 1_000
    cost: int = 5_000

    def refuse(self, limit: str, given: int | None = None) -> GraphQLError:
        """The error that names a limit, what it is, and what was asked."""
        most: int = getattr(self, limit)
        asked = "more" if given is None else f"{given:,}"
        told: dict[str, str | int] = {"code": CODE, "limit": limit, "most": most}
        if given is not None:
            told["given"] = given
        return GraphQLError(
            f"{REASONS[limit]} is limited to {most:,}; this has {asked}.", extensions=told
        )

    def check(self, document: DocumentNode) -> None:
        """Raises `GraphQLError` for the first limit that a parsed document exceeds."""
        operations = [
            each for each in document.definitions if isinstance(each, OperationDefinitionNode)
        ]
        if len(operations) > self.operations:
            raise self.refuse("operations", len(operations))
        fragments = fragments_of(document)
        measurer = _Measurer(fragments)
        try:
            for operation in operations:
                self._compare(measurer.operation(operation))
                self._atmost("repeats", _pairs([operation.selection_set], fragments))
        except RecursionError:
            raise self.refuse("depth") from None

    def _compare(self, found: "Measure") -> None:
        for limit, given in found._asdict().items():
            self._atmost(limit, given)

    def _atmost(self, limit: str, given: int) -> None:
        if given > getattr(self, limit):
            raise self.refuse(limit, given)


REASONS = {
    "body_bytes": "The body, in bytes,",
    "json_depth": "The nesting of the JSON body",
    "values": "The number of values in the variables",
    "characters": "The length of the document, in characters,",
    "tokens": "The number of tokens",
    "operations": "The number of operations in a document",
    "selections": "The number of selections, fragments spread,",
    "depth": "The depth of the query",
    "introspection_depth": "The depth of introspection",
    "aliases": "The number of aliases, fragments spread,",
    "root_fields": "The number of fields at the root",
    "directives": "The number of directives, fragments spread,",
    "fragments": "The number of fragment spreads",
    "repeats": "The number of times that a selection set names the same field again, in pairs,",
    "cost": "The cost of the query (see the `first` of its lists)",
}
assert REASONS.keys() == {each.name for each in fields(Limits)}


class Measure(NamedTuple):
    """What a piece of a document adds to each limit; `root_fields` are the fields at its top."""

    selections: int = 0
    fragments: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0
    introspection_depth: int = 0

    def beside(self, other: "Measure") -> "Measure":
        return Measure(
            self.selections + other.selections,
            self.fragments + other.fragments,
            self.root_fields + other.root_fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
        )


NOTHING = Measure()


class _Measurer:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Measure] = {}
        self._open: set[str] = set()

    def operation(self, node: OperationDefinitionNode) -> Measure:
        of_variables = sum(_count(each) for each in node.variable_definitions or ())
        inside = self._set(node.selection_set)
        return inside.beside(Measure(directives=_count(node) + of_variables))

    def _set(self, node: SelectionSetNode) -> Measure:
        found = NOTHING
        for selection in node.selections:
            inside = self._selection(selection).beside(Measure(directives=_count(selection)))
            found = found.beside(inside)
        return found

    def _selection(self, node: SelectionNode) -> Measure:
        match node:
            case FieldNode():
                return self._field(node)
            case InlineFragmentNode():
                inside = self._set(node.selection_set)
                return inside._replace(selections=inside.selections + 1)
            case FragmentSpreadNode():
                inside = self._fragment(node.name.value)
                return inside.beside(Measure(selections=1, fragments=1))
        return NOTHING

    def _field(self, node: FieldNode) -> Measure:
        inside = self._set(node.selection_set) if node.selection_set else NOTHING
        schema = node.name.value in SCHEMA_FIELDS
        deep = inside.depth + 1
        if schema and inside.aliases:
            raise GraphQLError("Introspection takes no aliases.", node, extensions={"code": CODE})
        return Measure(
            selections=inside.selections + 1,
            fragments=inside.fragments,
            root_fields=1,
            aliases=inside.aliases + bool(node.alias),
            directives=inside.directives,
            depth=1 if schema else deep,
            introspection_depth=deep if schema else inside.introspection_depth,
        )

    def _fragment(self, name: str) -> Measure:
        """Measured once; an unknown one is validation's business, a cycle would never end."""
        fragment = self._fragments.get(name)
        if fragment is None:
            return NOTHING
        if name in self._open:
            raise GraphQLError(
                f"Fragment {name} spreads itself.", extensions={"code": "GRAPHQL_VALIDATION_FAILED"}
            )
        if name not in self._known:
            self._open.add(name)
            inside = self._set(fragment.selection_set)
            self._known[name] = inside.beside(Measure(directives=_count(fragment)))
            self._open.discard(name)
        return self._known[name]


def _count(node: Node) -> int:
    return len(getattr(node, "directives", None) or ())


def _pairs(
    sets: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> int:
    """Pairs of one response key among merged selection sets, and below; the selections are few by now."""
    named: dict[str, list[FieldNode]] = defaultdict(list)
    for field in _flat(sets, fragments):
        named[(field.alias or field.name).value].append(field)
    return sum(
        len(same) * (len(same) - 1) // 2
        + _pairs([field.selection_set for field in same if field.selection_set], fragments)
        for same in named.values()
    )


def _flat(
    sets: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterable[FieldNode]:
    waiting: list[SelectionNode] = [each for one in sets for each in one.selections]
    while waiting:
        match waiting.pop():
            case FieldNode() as field:
                yield field
            case InlineFragmentNode(selection_set=inner):
                waiting.extend(inner.selections)
            case FragmentSpreadNode(name=name) if name.value in fragments:
                waiting.extend(fragments[name.value].selection_set.selections)


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments of a document by name."""
    return {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }


def root_names(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> frozenset[str]:
    """The fields at the root of an operation, by their own names."""
    return frozenset(field.name.value for field in _flat([operation.selection_set], fragments))
