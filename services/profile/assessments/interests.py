"""Interests in six areas (RIASEC; Holland 1997): the code."""

from dataclasses import dataclass

from services.profile.assessments.figures import in_tiers

LETTERS = ("R", "I", "A", "S", "E", "C")
CODE_LENGTH = 3


@dataclass(frozen=True, slots=True)
class InterestCode:
    """The strongest three areas; where scores tie, all that tie stand in one tier: `RI(AS)`.

    `undifferentiated`: all six are equal, and the code says nothing.
    """

    text: str
    tiers: tuple[tuple[str, ...], ...]
    undifferentiated: bool


def code_of(raws: dict[str, float]) -> InterestCode:
    """From the six raw scores; a tie that reaches over the third place is shown whole."""
    tiers = in_tiers({letter: raws[letter] for letter in LETTERS})
    shown: list[tuple[str, ...]] = []
    while sum(len(tier) for tier in shown) < CODE_LENGTH:
        shown.append(tiers[len(shown)])
    text = "".join(tier[0] if len(tier) == 1 else f"({''.join(tier)})" for tier in shown)
    return InterestCode(text, tuple(shown), undifferentiated=len(tiers) == 1)
