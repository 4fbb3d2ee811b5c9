"""Networks: whom somebody knows, what they talked about, and introductions."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.relay import Node

if TYPE_CHECKING:
    from services.gateway.types.person import Person


@told(
    "What a contact is to somebody.",
    COLLEAGUE="Somebody who works here.",
    FORMER_COLLEAGUE="Somebody who worked here or there with them.",
    MENTOR="Who mentors them.",
    CUSTOMER="A customer.",
    PEER="Somebody of the same trade.",
    FRIEND="A friend.",
    FAMILY="Family.",
    OTHER="Somebody else.",
)
class ContactRelation(StrEnum):
    COLLEAGUE = "COLLEAGUE"
    FORMER_COLLEAGUE = "FORMER_COLLEAGUE"
    MENTOR = "MENTOR"
    CUSTOMER = "CUSTOMER"
    PEER = "PEER"
    FRIEND = "FRIEND"
    FAMILY = "FAMILY"
    OTHER = "OTHER"


@told(
    "What a talk was for.",
    INFORMATION="Learning about a job, a field or an organisation; with questions an informational interview.",
    OPPORTUNITY="An opportunity.",
    SUPPORT="Help or encouragement.",
    MENTORING="Mentoring.",
)
class InteractionPurpose(StrEnum):
    INFORMATION = "INFORMATION"
    OPPORTUNITY = "OPPORTUNITY"
    SUPPORT = "SUPPORT"
    MENTORING = "MENTORING"


@told(
    "Who somebody is in an introduction.",
    REQUESTER="Who would like to be introduced.",
    INTRODUCER="Who is asked to introduce.",
    TARGET="Who is to be met.",
)
class IntroductionPart(StrEnum):
    REQUESTER = "REQUESTER"
    INTRODUCER = "INTRODUCER"
    TARGET = "TARGET"


@told(
    "How far an introduction is, as far as one knows. A no looks to the others like no answer.",
    ASKED="Waits for an answer.",
    OFFERED="Waits for who is to be met.",
    ACCEPTED="All have said yes.",
    DECLINED="One has said no oneself.",
    EXPIRED="Nobody has answered in time.",
)
class IntroductionState(StrEnum):
    ASKED = "ASKED"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


@strawberry.type(
    description="A talk with a contact, held or planned; nobody but its owner sees it."
)
class Interaction(Node):
    contact: "Contact | None" = shown("With whom.")
    purpose: InteractionPurpose = shown("What it was for.")
    held_on: date = shown("When it was, or will be.")
    summary: str | None = shown("What came of it.")
    questions: str | None = shown("What to ask.")
    notes: str | None = shown("What was said.")
    follow_up_on: date | None = shown("When to follow up.")
    followed_up_at: datetime | None = shown("When that was done.")
    version: int = shown("For expectedVersion.")


@strawberry.type(description="Somebody whom one knows; nobody but the owner sees it.")
class Contact(Node):
    person: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = shown(
        "Who, if they work here."
    )
    name: str | None = shown("Who, if they do not work here.")
    organisation: str | None = shown("Where they work.")
    relation: ContactRelation = shown("What they are to one.")
    note: str | None = shown("What one wants to remember.")
    added_at: datetime = shown("Since when they stand here.")
    version: int = shown("For expectedVersion.")
    interactions: list[Interaction] = limited("What was talked about with them, latest first.")


@strawberry.type(
    description="That somebody asks a colleague to introduce them to another, who hears of it by the colleague's yes."
)
class Introduction(Node):
    part: IntroductionPart = shown("Who one is in it.")
    state: IntroductionState = shown("How far it is.")
    requester: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = shown(
        "Who asks."
    )
    introducer: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = (
        shown("Who is asked to introduce.")
    )
    target: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = shown(
        "Who is to be met."
    )
    message: str | None = shown("What the asker writes to both.")
    requester_email: str | None = shown("The asker's e-mail, once all have said yes.")
    target_email: str | None = shown("The e-mail of who is met, once all have said yes.")
    asked_at: datetime = shown("Since when.")
