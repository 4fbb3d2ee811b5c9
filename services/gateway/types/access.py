"""The access log: who looked at somebody's data."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Connection, Node


@told(
    "By which right somebody looked; the nearest, if there were several.",
    MANAGER="They lead the person, directly or from above.",
    HR_PARTNER="They look after the person's unit.",
    CONSENT="The person lets them.",
    ADMIN="They administer Waymark.",
    SHARED="The person shows it to colleagues.",
    CLIENT="A connected system.",
    OTHER="Another right, e.g. one that has ended since.",
)
class AccessPath(StrEnum):
    MANAGER = "MANAGER"
    HR_PARTNER = "HR_PARTNER"
    CONSENT = "CONSENT"
    ADMIN = "ADMIN"
    SHARED = "SHARED"
    CLIENT = "CLIENT"
    OTHER = "OTHER"


@strawberry.type(description="That somebody looked at a kind of somebody's data on a day.")
class Access(Node):
    day: date = shown("On which day.")
    what: str = shown("At what, e.g. SKILL_LEVELS, GOALS or CHECK_INS.")
    via: AccessPath = shown("By which right.")
    times: int = shown("How often on that day.")
    first_at: datetime = shown("The first time that day.")
    last_at: datetime = shown("The last time that day.")
    reader: str = shown("Who: the id of a person, or the name of a connected system.")
    person: LazyPerson | None = shown("Who, if it was a person who works here.")


@strawberry.type(description="What comes of one service.")
class AccessPart:
    total_count: int = shown("How many entries there are in all, as far as you may see them.")


@strawberry.type(
    description="Of which services the entries come. One that is away is null, with an error; the page has the rest."
)
class AccessParts:
    profile: AccessPart | None = shown("Who looked at skills, experience, assessments and so on.")
    goals: AccessPart | None = shown("Who looked at goals, gaps and learning.")
    feedback: AccessPart | None = shown("Who looked at check-ins.")


@strawberry.type(
    description="A page of an access log, of all services in one order. While a service is away that `parts` is not "
    "asked for, the page is null: it would look whole."
)
class AccessConnection(Connection[Access]):
    parts: AccessParts = shown("What comes of each service.")
