"""Sealed at rest: what a service keeps under its own keys, and what it keeps under a key of each person."""

from shared.sealing.fields import NotSealed, Sealed, SealedField, Unsealed
from shared.sealing.keys import (
    KeyDestroyed,
    NoKeys,
    PersonKeys,
    define_table,
    destroy,
    hand_down,
    keys_of,
)
from shared.sealing.vault import BadSealKey, Unsealable, Vault

__all__ = [
    "BadSealKey",
    "KeyDestroyed",
    "NoKeys",
    "NotSealed",
    "PersonKeys",
    "Sealed",
    "SealedField",
    "Unsealable",
    "Unsealed",
    "Vault",
    "define_table",
    "destroy",
    "hand_down",
    "keys_of",
]
