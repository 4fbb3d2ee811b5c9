"""Sealed at rest: what a service keeps under its own keys, and what it keeps under a key of each person."""

from shared.sealing.keys import KeyDestroyed, PersonKeys, define_table, destroy, keys_of, provide
from shared.sealing.vault import BadSealKey, Unsealable, Vault

__all__ = [
    "BadSealKey",
    "KeyDestroyed",
    "PersonKeys",
    "Unsealable",
    "Vault",
    "define_table",
    "destroy",
    "keys_of",
    "provide",
]
