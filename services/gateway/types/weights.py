"""How much each source of evidence counts, every version of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.types.fields import shown
from services.gateway.types.inputs import VERSION, needed
from services.gateway.types.relay import Node
from services.gateway.types.skill import AssertionSource

if TYPE_CHECKING:
    from services.gateway.types.person import Person


@strawberry.type(description="What a new word of a source weighs.")
class SourceWeight:
    source: AssertionSource = shown("Whose word.")
    weight: float = shown("From 0, which leaves it out, to 1.")


@strawberry.type(description="One version of the weights; the highest is in force, 0 is built in.")
class SourceWeights(Node):
    version: int = shown("Which version.")
    weights: list[SourceWeight] = shown("Each source but one's own word, which never counts.")
    reason: str = shown("Why they were changed.")
    changed_at: datetime | None = shown("When.")
    changed_by: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = (
        shown("Who changed them.")
    )


@strawberry.input(description="What a new word of a source should weigh.")
class SourceWeightInput:
    source: AssertionSource = needed("Whose word; not SELF.")
    weight: float = needed("From 0, which leaves it out, to 1.")


@strawberry.input(description="New weights; sources that are not named keep theirs.")
class SetSourceWeightsInput:
    expected_version: int = needed(VERSION)
    weights: list[SourceWeightInput] = needed("Each source once.")
    reason: str = needed("Why; it is kept with the version.")
