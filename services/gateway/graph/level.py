"""One call of a plan while its selection is compiled."""

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from services.gateway.graph.arguments import Arguments
from services.gateway.graph.plan import Call, ReadValues


@dataclass(slots=True)
class Level:
    """What belongs to one call while its selection is compiled: its argument values and its slots.

    With `variables` the arguments are read at once, and a field that they do not suit is a refused slot.
    """

    variables: VariableValues | None = None
    arguments: list[Arguments] = field(default_factory=list)
    slots: list[Call] = field(default_factory=list)

    def refusal(self, arguments: Arguments) -> GraphQLError | None:
        if self.variables is not None:
            try:
                arguments.values(self.variables)
            except GraphQLError as error:
                return error
        return None

    def places(self, arguments: Arguments) -> dict[str, int]:
        """Reserves a place for each argument of a field: name → place."""
        start = sum(len(each.names) for each in self.arguments)
        self.arguments.append(arguments)
        return {name: start + offset for offset, name in enumerate(arguments.names)}

    def slot(self, call: Call) -> int:
        """The number of the slot that a call fills; one that asks the same of the same view is shared."""
        for number, known in enumerate(self.slots):
            if call.refused is None and call.is_like(known):
                known.paths += call.paths
                return number
        self.slots.append(call)
        return len(self.slots) - 1

    def line(self) -> bytes | ReadValues:
        """The values of all arguments, or how to read them where variables or a mistake are among them."""
        fields = [arguments for arguments in self.arguments if arguments.names]

        def read(variables: VariableValues) -> bytes:
            values: list[Any] = []
            for arguments in fields:
                values += arguments.values(variables).values()
            return json.dumps(values).encode()

        if any(arguments.vary for arguments in fields):
            return read
        try:
            return read(VariableValues({}, {}))
        except GraphQLError:
            return read
