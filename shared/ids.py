"""Identifiers: time-ordered by default, random where an order would tell on somebody."""

from uuid import UUID, uuid4

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7, so that rows made together lie together in their index."""
    return uuid7()


def anonymous_id() -> UUID:
    """A UUIDv4, which tells neither when nor in which order it was made."""
    return uuid4()
