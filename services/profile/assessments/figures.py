"""The figures of a result: how they are computed from raw scores, and the one way in which they are rounded.

Everything is computed in double precision; only what a result holds is rounded, once, to four decimals, a tie to the
even digit (`round`). A reader who recomputes from unrounded answers meets the same figures.
"""

from dataclasses import dataclass
from math import erf, sqrt

DECIMALS = 4
QUANTILE_90 = 1.645
"""The two-sided 90 % quantile of the normal law."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


def rounded(figure: float) -> float:
    return round(figure, DECIMALS) + 0.0  # -0.0 reads as a mistake


def standard(raw: float, mean: float, sd: float) -> float:
    """T = 50 + 10·z."""
    return 50 + 10 * (raw - mean) / sd


def percentile(t: float) -> float:
    """The share, in per cent, of a normal law with mean 50 and deviation 10 that lies below."""
    return 50 * (1 + erf((t - 50) / (10 * sqrt(2))))


def standard_error(sd: float, alpha: float) -> float:
    """SEM = sd * sqrt(1 - alpha), in the unit of `sd` (Lord and Novick 1968)."""
    return sd * sqrt(1 - alpha)


def around(figure: float, sem: float) -> Interval:
    """The 90 % interval, not cut to what the scale can reach."""
    return Interval(rounded(figure - QUANTILE_90 * sem), rounded(figure + QUANTILE_90 * sem))


def in_tiers(raws: dict[str, float]) -> tuple[tuple[str, ...], ...]:
    """Codes from the highest score down; equal scores share a tier, in the order in which they came."""
    by_score: dict[float, list[str]] = {}
    for code, raw in raws.items():
        by_score.setdefault(rounded(raw), []).append(code)
    return tuple(tuple(by_score[score]) for score in sorted(by_score, reverse=True))
