"""The states of a delivery, what a word may be about, and when terminations are too many to pass unseen."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """RECEIVED waits to be mapped, HELD for somebody's approval; the others are ends.

    PUBLISHED became facts, ASKED only requests to fetch; STALE is older than what is known already, IGNORED nothing
    that matters to Waymark, REJECTED nothing that can be used; DEAD failed on our side.
    """

    RECEIVED = "RECEIVED"
    PUBLISHED = "PUBLISHED"
    ASKED = "ASKED"
    STALE = "STALE"
    IGNORED = "IGNORED"
    HELD = "HELD"
    REJECTED = "REJECTED"
    DEAD = "DEAD"


REPLAYABLE = (DeliveryState.DEAD, DeliveryState.REJECTED, DeliveryState.IGNORED)


class ThingKind(StrEnum):
    """What a fact is about: a newer word about the same thing of the same source makes an older one stale."""

    PERSON = "PERSON"
    EMPLOYMENT = "EMPLOYMENT"
    ORG_UNIT = "ORG_UNIT"
    LEARNING = "LEARNING"
    CREDENTIAL = "CREDENTIAL"


class FetchBackState(StrEnum):
    """WAITING until the source is asked, FETCHING while it is; HELD for somebody's approval. The others are ends.

    DONE became facts, or said nothing new; GONE is a thing that the source does not have any more; REJECTED was
    refused by an administrator; DEAD could not be fetched or read.
    """

    WAITING = "WAITING"
    FETCHING = "FETCHING"
    HELD = "HELD"
    DONE = "DONE"
    GONE = "GONE"
    REJECTED = "REJECTED"
    DEAD = "DEAD"


def is_unusual(terminations: int, people: int, *, most: int, share: float) -> bool:
    """More than a few, and more than the share of everybody ever named."""
    return terminations > most and terminations > share * people
