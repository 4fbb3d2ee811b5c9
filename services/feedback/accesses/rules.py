"""The vocabulary of the access log."""

from enum import StrEnum

CHECK_INS = "CHECK_INS"
"""What can be looked at here: a check-in is its employee's, with all that was said in it."""


class AccessPath(StrEnum):
    """By which right data were open to who looked at them."""

    MANAGER = "MANAGER"
    CLIENT = "CLIENT"
    OTHER = "OTHER"
