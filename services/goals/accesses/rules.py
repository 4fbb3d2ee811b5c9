"""The vocabulary of the access log."""

from enum import StrEnum


class Kept(StrEnum):
    """What can be looked at here: a goal with all that belongs to it, the way to a role, learning."""

    GOALS = "GOALS"
    GAPS = "GAPS"
    UNUSED_SKILLS = "UNUSED_SKILLS"
    LEARNING = "LEARNING"


class AccessPath(StrEnum):
    """By which right data were open to who looked at them; the nearest, if there were several."""

    MANAGER = "MANAGER"
    HR_PARTNER = "HR_PARTNER"
    SHARED = "SHARED"
    CLIENT = "CLIENT"
    OTHER = "OTHER"
