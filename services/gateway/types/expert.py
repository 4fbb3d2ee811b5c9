"""Who knows something, of those who let themselves be found."""

import strawberry

from services.gateway.types.fields import shown
from services.gateway.types.lazy import LazyPerson


@strawberry.type(
    description="Somebody who certainly knows a skill, and lets themself be found by what they know."
)
class Expert:
    person: LazyPerson | None = shown("Who.")
    band: str = shown("The highest step of the framework's scale that they certainly reach.")
    ordinal: int = shown("That step's place on the scale.")
    estimate: float | None = shown("Their level; null unless you may read it.")
    interval_low: float | None = shown(
        "Lower end of its 90 % interval; null unless you may read it."
    )
    interval_high: float | None = shown(
        "Upper end of its 90 % interval; null unless you may read it."
    )
