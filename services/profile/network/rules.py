"""The vocabulary of networks, and who sees how far an introduction is."""

from datetime import datetime, timedelta
from enum import StrEnum


class ContactRelation(StrEnum):
    """What a contact is to the owner."""

    COLLEAGUE = "COLLEAGUE"
    FORMER_COLLEAGUE = "FORMER_COLLEAGUE"
    MENTOR = "MENTOR"
    CUSTOMER = "CUSTOMER"
    PEER = "PEER"
    FRIEND = "FRIEND"
    FAMILY = "FAMILY"
    OTHER = "OTHER"


class InteractionPurpose(StrEnum):
    """What an interaction was for; INFORMATION with questions is an informational interview."""

    INFORMATION = "INFORMATION"
    OPPORTUNITY = "OPPORTUNITY"
    SUPPORT = "SUPPORT"
    MENTORING = "MENTORING"


class IntroductionState(StrEnum):
    """ASKED waits for who is to introduce, OFFERED for who is to be met. DECLINED is shown to its decider alone."""

    ASKED = "ASKED"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


class Part(StrEnum):
    """Who somebody is in an introduction."""

    REQUESTER = "REQUESTER"
    INTRODUCER = "INTRODUCER"
    TARGET = "TARGET"


LASTS = timedelta(days=30)


def shown_state(
    part: Part, *, offered: bool, accepted: bool, declined_by: Part | None, expired: bool
) -> IntroductionState | None:
    """None for who does not know of it. A no looks to everybody else like no answer, until the end of the term."""
    if part is Part.TARGET and not offered:
        return None
    if accepted:
        return IntroductionState.ACCEPTED
    if declined_by is part:
        return IntroductionState.DECLINED
    if expired:
        return IntroductionState.EXPIRED
    if part is Part.REQUESTER or not offered:
        return IntroductionState.ASKED
    return IntroductionState.OFFERED


def has_expired(asked_at: datetime, now: datetime) -> bool:
    return now >= asked_at + LASTS
