"""Consents: what somebody lets others see of them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.relay import Node

if TYPE_CHECKING:
    from services.gateway.types.person import Person


@told(
    "What a consent is for.",
    ASSESSMENT_RESULT="Seeing the results of assessments; for a named counsellor or mentor alone.",
    EXPERTISE="Being found by what one knows.",
    MATCHING="Being matched with opportunities, mentors and people.",
    EXPERIENCE="Seeing what one has done.",
    CONTACT="Being contacted and introduced.",
)
class ConsentScope(StrEnum):
    ASSESSMENT_RESULT = "ASSESSMENT_RESULT"
    EXPERTISE = "EXPERTISE"
    MATCHING = "MATCHING"
    EXPERIENCE = "EXPERIENCE"
    CONTACT = "CONTACT"


@told(
    "In which part somebody is let in.",
    COUNSELLOR="Who counsels them.",
    MENTOR="Who mentors them.",
    COLLEAGUE="A colleague.",
)
class ConsentRole(StrEnum):
    COUNSELLOR = "COUNSELLOR"
    MENTOR = "MENTOR"
    COLLEAGUE = "COLLEAGUE"


@strawberry.type(
    description="What somebody lets others see of them. It holds until its day, or until it is taken back."
)
class Consent(Node):
    scope: ConsentScope = shown("What it is for.")
    subject: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = shown(
        "Who gave it."
    )
    grantee: Annotated["Person", strawberry.lazy("services.gateway.types.person")] | None = shown(
        "Who is let in; null is everybody who works here."
    )
    object_id: strawberry.ID | None = shown("For which one thing; null is everything in the scope.")
    role: ConsentRole | None = shown("In which part they are let in.")
    purpose: str = shown("What it is for, in the words of who gave it.")
    granted_at: datetime = shown("Since when.")
    until: datetime | None = shown("Until when; null is without an end.")
    revoked_at: datetime | None = shown("When it was taken back.")
