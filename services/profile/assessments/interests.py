"""Interests in six areas (RIASEC; Holland 1997): the code, and the occupations whose profile runs alike.

A match is Pearson's correlation of a person's six scores with an occupation's six scores (O*NET's OI, 1 to 7). It is
the sum of six contributions, one an area, which are the reason: an area contributes when both profiles lie above or
both below their own mean there. With six pairs, 0.729 and 0.608 are the one-sided 5 % and 10 % limits of chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from services.profile.assessments.figures import in_tiers, rounded

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

LETTERS = ("R", "I", "A", "S", "E", "C")
AREAS = {
    "R": "Realistic",
    "I": "Investigative",
    "A": "Artistic",
    "S": "Social",
    "E": "Enterprising",
    "C": "Conventional",
}
CODE_LENGTH = 3
STRONG, GOOD = 0.729, 0.608
FLAT = 1e-12


class Fit(StrEnum):
    """STRONG and GOOD lie beyond chance at 5 % and 10 %; WEAK does not."""

    STRONG = "STRONG"
    GOOD = "GOOD"
    WEAK = "WEAK"


@dataclass(frozen=True, slots=True)
class InterestCode:
    """The strongest three areas; where scores tie, all that tie stand in one tier: `RI(AS)`.

    `undifferentiated`: all six are equal, and the code says nothing.
    """

    text: str
    tiers: tuple[tuple[str, ...], ...]
    undifferentiated: bool


@dataclass(frozen=True, slots=True)
class OccupationInterests:
    """An occupation's profile: its six scores in the order of LETTERS."""

    onet_soc_code: str
    title: str
    scores: tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Match:
    """`contributions` by letter add up to `congruence`, but for the rounding of each.

    `shared` are letters strong in both, `wanting` those strong in the occupation and weak in the person, `unused` those
    strong in the person and weak in the occupation; strong is above the profile's own mean. The largest stand first.
    """

    onet_soc_code: str
    title: str
    congruence: float
    fit: Fit
    code: str
    contributions: Mapping[str, float]
    shared: tuple[str, ...]
    wanting: tuple[str, ...]
    unused: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Profiles:
    """Occupations by code, ready to be matched; made once, kept as long as the occupations stay as they are."""

    occupations: tuple[OccupationInterests, ...]
    unit: "NDArray[float64]"
    """A row an occupation, centred on its own mean and of length one; occupations without differences are left out."""


def code_of(raws: Mapping[str, float]) -> InterestCode:
    """From the six raw scores; a tie that reaches over the third place is shown whole."""
    tiers = in_tiers({letter: raws[letter] for letter in LETTERS})
    shown: list[tuple[str, ...]] = []
    while sum(len(tier) for tier in shown) < CODE_LENGTH:
        shown.append(tiers[len(shown)])
    text = "".join(tier[0] if len(tier) == 1 else f"({''.join(tier)})" for tier in shown)
    return InterestCode(text, tuple(shown), undifferentiated=len(tiers) == 1)


def profiles(occupations: Sequence[OccupationInterests]) -> Profiles:
    import numpy as np  # noqa: PLC0415

    ordered = sorted(occupations, key=lambda each: each.onet_soc_code)
    scores = np.array([each.scores for each in ordered], dtype=float).reshape(-1, len(LETTERS))
    centred = scores - scores.mean(axis=1, keepdims=True)
    length = np.sqrt((centred * centred).sum(axis=1))
    told = length > FLAT
    kept = tuple(each for each, says in zip(ordered, told, strict=True) if says)
    return Profiles(kept, centred[told] / length[told, None])


def matches(raws: Mapping[str, float], among: Profiles, *, count: int = 20) -> list[Match]:
    """The best first, equal ones by code; none for a profile whose six scores are all equal."""
    import numpy as np  # noqa: PLC0415

    own = np.array([raws[letter] for letter in LETTERS], dtype=float)
    own -= own.mean()
    length = float(np.sqrt((own * own).sum()))
    if length <= FLAT:
        return []
    own /= length
    by_letter = among.unit * own
    congruence = by_letter.sum(axis=1).round(9)
    best = np.argsort(-congruence, kind="stable")[:count]
    return [_match(among, int(row), own, by_letter[row]) for row in best]


def _match(
    among: Profiles, row: int, own: "NDArray[float64]", by_letter: "NDArray[float64]"
) -> Match:
    occupation, unit = among.occupations[row], among.unit[row]
    congruence = rounded(float(by_letter.sum()))
    order = sorted(range(len(LETTERS)), key=lambda at: -abs(float(by_letter[at])))
    shared = tuple(LETTERS[at] for at in order if own[at] > 0 and unit[at] > 0)
    wanting = tuple(LETTERS[at] for at in order if own[at] <= 0 < unit[at])
    unused = tuple(LETTERS[at] for at in order if unit[at] <= 0 < own[at])
    return Match(
        onet_soc_code=occupation.onet_soc_code,
        title=occupation.title,
        congruence=congruence,
        fit=Fit.STRONG if congruence >= STRONG else Fit.GOOD if congruence >= GOOD else Fit.WEAK,
        code=code_of(dict(zip(LETTERS, occupation.scores, strict=True))).text,
        contributions={
            letter: rounded(float(each)) for letter, each in zip(LETTERS, by_letter, strict=True)
        },
        shared=shared,
        wanting=wanting,
        unused=unused,
        reason=_reason(shared, wanting, unused),
    )


def _reason(shared: Sequence[str], wanting: Sequence[str], unused: Sequence[str]) -> str:
    said = [f"You and this work share {_named(shared)}."] if shared else []
    if wanting:
        said.append(f"It asks for more {_named(wanting)} than you like.")
    if unused:
        said.append(f"It leaves {_named(unused)} of yours unused.")
    return " ".join(said)


def _named(letters: Sequence[str]) -> str:
    names = [AREAS[letter] for letter in letters]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} interests"
