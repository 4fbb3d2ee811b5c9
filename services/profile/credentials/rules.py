"""The vocabulary of credentials."""

import json
from enum import StrEnum


class CredentialType(StrEnum):
    """What kind it is; a word that only the source knows is OTHER."""

    CERTIFICATION = "CERTIFICATION"
    DEGREE = "DEGREE"
    LICENCE = "LICENCE"
    BADGE = "BADGE"
    OTHER = "OTHER"


class Verification(StrEnum):
    """How far it can be believed: said by the person, by a connected system, or taken back by that system."""

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
