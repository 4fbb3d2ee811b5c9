"""The vocabulary of the access log."""

from enum import StrEnum


class AccessPath(StrEnum):
    """By which right data were open to who looked at them; the nearest, if there were several."""

    MANAGER = "MANAGER"
    HR_PARTNER = "HR_PARTNER"
    CONSENT = "CONSENT"
    ADMIN = "ADMIN"
    CLIENT = "CLIENT"
    OTHER = "OTHER"
