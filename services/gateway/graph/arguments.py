"""Arguments of a field as values on the wire to a view: read once where they are constant, else per request."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_input_object_type,
)
from graphql.execution.values import VariableValues, get_argument_values

from services.gateway.graph.cursors import Cursors, NotACursor
from services.gateway.types.ids import NOUN_OF_ARGUMENT, NotAnId, decode_as
from shared.schemas import in_reach

MOST_FIRST = 100

Read: TypeAlias = Callable[[VariableValues], Mapping[str, Any]]


class Arguments:
    """The given arguments of one field: their names, flattened, and how to read their wire values.

    Of what is not given travels what has a default, such as `first`: it may differ from field to field.
    """

    def __init__(
        self, kind: GraphQLObjectType, declared: GraphQLField, node: FieldNode, cursors: Cursors
    ) -> None:
        self.list_name = f"{kind.name}.{node.name.value}"
        self._cursors = cursors
        self.vary = any(_varies(argument.value) for argument in node.arguments or ())
        self._read = _reader(declared, node, self.vary)
        given = [argument.name.value for argument in node.arguments or ()]
        defaults = [name for name, each in declared.args.items() if _has_default(each)]
        given += [name for name in defaults if name not in given]
        self.names = tuple(flat for name in given for flat in _flattened(name, declared.args[name]))

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Wire values by flattened name; raises `GraphQLError` naming the argument and the fix."""
        flat: dict[str, Any] = {}
        for name, value in self._read(variables).items():
            flat |= value if isinstance(value, dict) else {name: value}
        return {name: self._wire(name, flat) for name in self.names}

    def given(self, variables: VariableValues) -> Mapping[str, Any]:
        """The coerced values as they came, e.g. global ids of any noun."""
        return self._read(variables)

    def _wire(self, name: str, flat: Mapping[str, Any]) -> Any:
        value = flat.get(name)
        if value is None:
            return None
        try:
            if name == "after":
                order = decoded(flat.get("orderBy")) or ""
                return self._cursors.open(value, of=f"{self.list_name} {order}")
            return self._spelled(name, value)
        except (NotAnId, NotACursor) as error:
            raise refusal(f"{name} {error}.") from None
        except ValueError as error:
            raise refusal(f"{name}: {error}.") from None

    def _spelled(self, name: str, value: Any) -> Any:
        if name == "first":
            return _page_size(value)
        if name == "id":
            return decode_as(None, value)
        return decoded(in_reach(value), name)


def _page_size(value: int) -> int:
    if not 0 <= value <= MOST_FIRST:
        raise refusal(f"first must be between 0 and {MOST_FIRST}.")
    return value


def decoded(value: Any, name: str = "") -> Any:
    """An input, or a value of it, as the service's JSON: global ids as keys, enumerations and times as text.

    Raises `GraphQLError` naming the member.
    """
    match value:
        case dict():
            return {member: decoded(inner, member) for member, inner in value.items()}
        case list():
            return [decoded(inner, name) for inner in value]
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case str() if name in NOUN_OF_ARGUMENT:
            try:
                return decode_as(NOUN_OF_ARGUMENT[name], value)
            except NotAnId as error:
                raise refusal(f"{name} {error}.") from None
    return value


def refusal(message: str, code: str = "BAD_USER_INPUT") -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})


def _has_default(argument: GraphQLArgument) -> bool:
    return argument.default_value is not Undefined


def _flattened(name: str, definition: GraphQLArgument) -> Sequence[str]:
    """An input object (`filter`) stands for its fields: a view takes them one by one."""
    kind = get_named_type(definition.type)
    return tuple(kind.fields) if is_input_object_type(kind) else (name,)


def _reader(declared: GraphQLField, node: FieldNode, vary: bool) -> Read:
    if not vary:
        constant = get_argument_values(declared, node)
        return lambda _variables: constant

    def read(variables: VariableValues) -> Mapping[str, Any]:
        return get_argument_values(declared, node, variables)

    given = {each.name.value: each.value for each in node.arguments or ()}
    whole = {name: v.name.value for name, v in given.items() if isinstance(v, VariableNode)}
    rest = tuple(each for each in node.arguments or () if each.name.value not in whole)
    if any(_varies(each.value) for each in rest):
        return read
    try:
        constants = get_argument_values(declared, FieldNode(name=node.name, arguments=rest))
    except GraphQLError:
        return read
    return _shortened(whole, constants, otherwise=read)


def _shortened(whole: Mapping[str, str], constants: Mapping[str, Any], *, otherwise: Read) -> Read:
    """Takes arguments that are variables as they were coerced, unless one has no value."""

    def read(variables: VariableValues) -> Mapping[str, Any]:
        found = dict(constants)
        for name, variable in whole.items():
            if (value := variables.coerced.get(variable)) is None:
                return otherwise(variables)
            found[name] = value
        return found

    return read


def _varies(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode(values=values):
            return any(_varies(each) for each in values)
        case ObjectValueNode(fields=fields):
            return any(_varies(each.value) for each in fields)
    return False
