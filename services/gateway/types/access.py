"""The access log: who looked at somebody's data."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.relay import Node

if TYPE_CHECKING:
    from services.gateway.types.person import Person


@told(
    "By which right somebody looked; the nearest, if there were several.",
    MANAGER="They lead the person, directly or from above.",
    HR_PARTNER="They look after the person's unit.",
    CONSENT="The person lets them.",
    ADMIN="They administer Waymark.",
    CLIENT="A connected system.",
    OTHER="Another right, e.g. one that has ended since.",
)
class AccessPath(StrEnum):
    MANAGER = "MANAGER"
    HR_PARTNER = "HR_PARTNER"
    CONSENT = "CONSENT"
    ADMIN = "ADMIN"
    CLIENT = "CLIENT"
    OTHER = "OTHER"


@strawberry.type(description="That somebody looked at a kind of somebody's data on a day.")
class Access(Node):
    day: date = shown("On which day.")
    what: str = shown("At what, e.g. SKILL_LEVELS.")
    via: AccessPath = shown("By which right.")
    times: int = shown("How often on that day.")
    first_at: datetime = shown("The first time that day.")
    last_at: datetime = shown("The last time that day.")
    reader: str = shown("Who: the id of a person, or the name of a connected system.")
    person: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = shown(
        "Who, if it was a person who works here."
    )
