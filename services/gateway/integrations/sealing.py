"""The integrations' secrets and bodies at rest, sealed under the keys of INTEGRATIONS_SEAL_KEY."""

from shared.sealing.vault import BadSealKey, Sealing, Unsealable, Vault, provide

__all__ = ["BadSealKey", "Sealing", "Unsealable", "Vault", "provide"]
