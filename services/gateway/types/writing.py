"""How a mutation is declared: an input, the service's own REST door behind it, the noun that it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Optional, Union

import strawberry
from strawberry.annotation import StrawberryAnnotation

from services.gateway.types.fields import argument, taking
from services.gateway.types.problems import PROBLEMS


@dataclass(frozen=True, slots=True)
class Write:
    """`verbNoun(input: VerbNounInput!): VerbNounResult`, sent as `method path` to a service.

    Members of the input that the path names in braces go there; `expectedVersion` becomes If-Match; the rest is the
    body. `answers` names the member of the door's answer that holds the noun's id; None where nothing is left to show
    but who asked.
    """

    name: str
    description: str
    input: type
    service: str
    method: str
    path: str
    noun: type
    answers: str | None = "id"

    @property
    def result(self) -> Any:
        """The union of the noun and the problems; null, with an error, when the service is away."""
        name = self.name[0].upper() + self.name[1:] + "Result"
        members = (self.noun, *PROBLEMS)
        described = strawberry.union(name, description=f"What {self.name} answers.")
        return Optional[Annotated[Union[members], described]]  # noqa: UP007, UP045


def mutation_type(writes: Sequence[Write]) -> type:
    """The Mutation type of these writes."""
    members: dict[str, Any] = {"__annotations__": {}}
    for write in writes:
        field = taking(
            write.description, input=argument(write.input, "What to write, and where it belongs.")
        )
        field.graphql_name = write.name
        field.type_annotation = StrawberryAnnotation(write.result)
        python_name = "".join(f"_{c.lower()}" if c.isupper() else c for c in write.name)
        members[python_name] = field
        members["__annotations__"][python_name] = write.result
    return strawberry.type(
        type("Mutation", (), members), description="Everything that changes something."
    )
