"""A person is erased: profile orders it, every service obeys and gives a receipt, profile collects them.

order → copies, keys and letters go, in the order's own transaction → a job sweeps the service's stream → receipt.
"""

from shared.erasure.facts import ErasureOrdered, Receipt, Receipted, Subject
from shared.erasure.obeying import ORDER, Erasing

__all__ = ["ORDER", "Erasing", "ErasureOrdered", "Receipt", "Receipted", "Subject"]
