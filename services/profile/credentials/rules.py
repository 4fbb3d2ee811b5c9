"""The vocabulary of credentials."""

import json
from datetime import date
from enum import StrEnum

NOTICES = (60, 14)
"""How many days before its end it is told that a credential runs out: the first time, and again."""


class CredentialType(StrEnum):
    """What kind it is; a word that only the source knows is OTHER."""

    CERTIFICATION = "CERTIFICATION"
    DEGREE = "DEGREE"
    LICENCE = "LICENCE"
    BADGE = "BADGE"
    OTHER = "OTHER"


class Verification(StrEnum):
    """How far it can be believed: said by the person, by a connected system, or taken back by that system.

    NONE: their manager or HR objected.
    """

    NONE = "NONE"
    DECLARED = "DECLARED"
    VERIFIED = "VERIFIED"
    REVOKED = "REVOKED"


def type_of(said: str) -> CredentialType:
    """The source's word for it; American spelling is understood."""
    word = said.strip().upper().replace("LICENSE", "LICENCE")
    return CredentialType.__members__.get(word, CredentialType.OTHER)


def key_of(external_id: str | None, type: str, name: str, issuer: str | None) -> str:
    """What tells one person's credentials of one source apart: its own id, else what it is called."""
    return external_id or json.dumps([type.upper(), name.lower(), (issuer or "").lower()])


def notice_on(expires_on: date | None, today: date) -> int | None:
    """The shortest notice whose day has come; None before the first one, and from the end on."""
    if expires_on is None:
        return None
    left = (expires_on - today).days
    return min((days for days in NOTICES if 0 < left <= days), default=None)


def notice_holds(given: int | None, expires_on: date | None, today: date) -> bool:
    """Whether what was announced so many days before the end is still true: it is not once the end has moved away."""
    reached = notice_on(expires_on, today)
    return given is not None and reached is not None and reached <= given
