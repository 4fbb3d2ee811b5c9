"""Six work values (Dawis and Lofquist 1984), and the occupations that offer them in the order in which one wants them.

A match is Spearman's rank correlation of a person's six values with an occupation's (O*NET's EX, 1 to 7): ranks and not
scores, since what a person gives is an order, and equal scores share the mean of their ranks. It is the sum of six
contributions, one a value, which are the reason. With six pairs, 0.829 and 0.657 are the one-sided 5 % and 10 % limits
of chance (Zar 1972, Journal of the American Statistical Association 67).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, sqrt

from services.profile.assessments.figures import rounded
from services.profile.assessments.interests import Fit

VALUES = {
    "ACHIEVEMENT": "Achievement",
    "INDEPENDENCE": "Independence",
    "RECOGNITION": "Recognition",
    "RELATIONSHIPS": "Relationships",
    "SUPPORT": "Support",
    "WORKING_CONDITIONS": "Working conditions",
}
STRONG, GOOD = 0.829, 0.657


@dataclass(frozen=True)
class OccupationValues:
    """What an occupation offers, by value."""

    onet_soc_code: str
    title: str
    scores: Mapping[str, float]

    @cached_property
    def unit(self) -> Mapping[str, float] | None:
        return unit_of(self.scores)


@dataclass(frozen=True, slots=True)
class Match:
    """`contributions` add up to `congruence`, but for the rounding of each."""

    onet_soc_code: str
    title: str
    congruence: float
    fit: Fit
    contributions: Mapping[str, float]
    reason: str


def matches(
    raws: Mapping[str, float], among: Sequence[OccupationValues], *, count: int = 20
) -> list[Match]:
    """The best first, equal ones by code; none where all six are equal, of the person or of the occupation."""
    own = unit_of(raws)
    if own is None:
        return []
    found = [(_congruence(own, each.unit), each) for each in among if each.unit is not None]
    found.sort(key=lambda pair: (-pair[0], pair[1].onet_soc_code))
    return [_match(each, own, each.unit) for _, each in found[:count] if each.unit is not None]


def unit_of(scores: Mapping[str, float]) -> Mapping[str, float] | None:
    """The ranks, centred on their mean and of length one; None without differences."""
    ranks = ranked(scores)
    middle = (len(ranks) + 1) / 2
    length = sqrt(fsum((rank - middle) ** 2 for rank in ranks.values()))
    if not length:
        return None
    return {code: (rank - middle) / length for code, rank in ranks.items()}


def ranked(scores: Mapping[str, float]) -> dict[str, float]:
    """1 for the least; equal scores share the mean of their ranks."""
    six = {code: rounded(scores[code]) for code in VALUES}
    return {
        code: sum(other < score for other in six.values())
        + (sum(other == score for other in six.values()) + 1) / 2
        for code, score in six.items()
    }


def _congruence(own: Mapping[str, float], offered: Mapping[str, float]) -> float:
    return rounded(fsum(own[code] * offered[code] for code in VALUES))


def _match(
    occupation: OccupationValues, own: Mapping[str, float], offered: Mapping[str, float]
) -> Match:
    congruence = _congruence(own, offered)
    return Match(
        onet_soc_code=occupation.onet_soc_code,
        title=occupation.title,
        congruence=congruence,
        fit=Fit.STRONG if congruence >= STRONG else Fit.GOOD if congruence >= GOOD else Fit.WEAK,
        contributions={code: rounded(own[code] * offered[code]) for code in VALUES},
        reason=_reason(own, offered),
    )


def _reason(own: Mapping[str, float], offered: Mapping[str, float]) -> str:
    """Above the middle of one's own order is wanted, above that of the occupation's is offered; the most first."""
    order = sorted(VALUES, key=lambda code: -(abs(own[code]) + abs(offered[code])))
    shared = [code for code in order if own[code] > 0 and offered[code] > 0]
    wanting = [code for code in order if own[code] > 0 >= offered[code]]
    beyond = [code for code in order if offered[code] > 0 >= own[code]]
    said = []
    if shared:
        said.append(f"It offers what you want more than other things: {_named(shared)}.")
    if wanting:
        said.append(f"Of {_named(wanting)} it offers less than of other things.")
    if beyond:
        said.append(f"What it offers besides matters less to you: {_named(beyond)}.")
    return " ".join(said)


def _named(codes: Sequence[str]) -> str:
    first, *names = [VALUES[codes[0]], *(VALUES[code].lower() for code in codes[1:])]
    return f"{', '.join([first, *names[:-1]])} and {names[-1]}" if names else first
