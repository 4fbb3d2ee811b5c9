"""How reliable an instrument's scales are: alpha and omega from a tenant's own sessions, else what was published.

alpha = k/(k-1) * (1 - sum of item variances / variance of the sum) (Cronbach 1951). omega = (sum of loadings)^2 /
((sum of loadings)^2 + sum of uniquenesses) with the loadings of one factor, found by minimal residuals (Harman and
Jones 1966, Psychometrika 31; McDonald 1999). Both from the covariances of keyed answers, of complete sessions only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from services.profile.assessments.answers import Answers
from services.profile.assessments.figures import rounded
from services.profile.assessments.instruments import Instrument, Reliability, Scale
from services.profile.assessments.parts import LEAST_DEVIATION
from services.profile.assessments.scoring import keyed_points

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

FEWEST_SESSIONS = 100
MOST_ROUNDS = 5_000
STANDS_STILL = 1e-12
ROUNDING = 1e-12

Matrix = Sequence[Sequence[float]]


class Basis(StrEnum):
    """Where a coefficient comes from."""

    LIVE = "LIVE"
    PUBLISHED = "PUBLISHED"
    NOT_YET_KNOWN = "NOT_YET_KNOWN"


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over one scale's complete sessions: all that alpha and omega need, and nobody's answers.

    `sums` by item, `products` of each pair of items, in the order of the scale's items.
    """

    count: int
    sums: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]

    @classmethod
    def none(cls, items: int) -> Self:
        return cls(0, (0.0,) * items, ((0.0,) * items,) * items)

    def plus(self, points: Sequence[float], times: int = 1) -> "Moments":
        """With one more session; `times` = -1 takes it back."""
        return Moments(
            self.count + times,
            tuple(old + times * new for old, new in zip(self.sums, points, strict=True)),
            tuple(
                tuple(old + times * one * other for old, other in zip(row, points, strict=True))
                for row, one in zip(self.products, points, strict=True)
            ),
        )

    def covariance(self) -> "NDArray[float64]":
        """Of at least two sessions; what only the rounding of sums leaves over is none."""
        import numpy as np  # noqa: PLC0415

        sums = np.array(self.sums, dtype=float)
        products = np.array(self.products, dtype=float)
        spread: NDArray[float64] = products - np.outer(sums, sums) / self.count
        spread[np.abs(spread) <= ROUNDING * np.abs(products)] = 0
        return spread / (self.count - 1)


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """`sessions` are the complete ones that were seen, whether or not they were enough."""

    scale: str
    basis: Basis
    alpha: float | None
    omega: float | None
    sd: float | None
    sessions: int
    source: str

    def as_published(self) -> Reliability | None:
        """What `score` takes; null where alpha is unknown, negative or 1; without a deviation that is hardly one."""
        if self.alpha is None or not 0 <= self.alpha < 1:
            return None
        sd = self.sd if self.sd is not None and self.sd >= LEAST_DEVIATION else None
        return Reliability(scale=self.scale, alpha=self.alpha, sd=sd, source=self.source)


def moments(
    instrument: Instrument, sessions: Sequence[Answers], onto: Mapping[str, Moments] | None = None
) -> dict[str, Moments]:
    """By scale, `onto` and the sessions together; a session with a gap in a scale does not enter that scale."""
    found = dict(onto or {})
    for scale in consistent_scales(instrument):
        of_scale = found.get(scale.code) or Moments.none(len(scale.items))
        for answers in sessions:
            points = keyed_points(instrument, scale, answers)
            if len(points) == len(scale.items):
                of_scale = of_scale.plus(points)
        found[scale.code] = of_scale
    return found


def of_instrument(
    instrument: Instrument, by_scale: Mapping[str, Moments]
) -> tuple[ScaleReliability, ...]:
    """One for each scale that can have an internal consistency: at least two rated items."""
    published = {each.scale: each for each in instrument.reliability}
    return tuple(
        _of_scale(scale, by_scale.get(scale.code), published.get(scale.code))
        for scale in consistent_scales(instrument)
    )


def consistent_scales(instrument: Instrument) -> list[Scale]:
    return [scale for scale in instrument.scales if len(scale.items) > 1 and scale.aggregator.rates]


def covariance(rows: Matrix) -> "NDArray[float64]":
    """Of a matrix with a row a person and a column an item; at least two of each."""
    import numpy as np  # noqa: PLC0415

    centred = np.array(rows, dtype=float)
    centred -= centred.mean(axis=0)
    spread: NDArray[float64] = centred.T @ centred
    return spread / (len(rows) - 1)


def alpha(covariances: "NDArray[float64]") -> float | None:
    """Null where the sum does not vary, or for a single item."""
    items, whole = len(covariances), float(covariances.sum())
    if items < 2 or whole <= STANDS_STILL:
        return None
    return items / (items - 1) * (1 - float(covariances.trace()) / whole)


def omega(covariances: "NDArray[float64]") -> float | None:
    """Null where an item does not vary, or with fewer than three items: one factor is not determined then."""
    import numpy as np  # noqa: PLC0415

    variances = np.diag(covariances)
    if len(covariances) < 3 or bool((variances <= STANDS_STILL).any()):
        return None
    deviations: NDArray[float64] = np.sqrt(variances)
    loadings = _one_factor(covariances / np.outer(deviations, deviations))
    common = float((loadings * deviations).sum()) ** 2
    unique = float(((1 - loadings**2) * variances).sum())
    return common / (common + unique)


def _one_factor(correlation: "NDArray[float64]") -> "NDArray[float64]":
    """The loadings that leave the least squared residuals off the diagonal, found one item at a time.

    For one factor each step has an exact answer: b_i = sum_j r_ij b_j / sum_j b_j^2 over j other than i, cut to
    a correlation's range (a Heywood case stays at the edge).
    """
    import numpy as np  # noqa: PLC0415

    first: NDArray[float64] = np.linalg.eigh(correlation)[1][:, -1]
    loadings: NDArray[float64] = first * np.sqrt(np.abs(correlation).mean())
    for _ in range(MOST_ROUNDS):
        before = loadings.copy()
        for at in range(len(loadings)):
            others = np.delete(loadings, at)
            weight = float(others @ others) or 1.0
            step = float(np.delete(correlation[at], at) @ others) / weight
            loadings[at] = min(1.0, max(-1.0, step))
        if np.abs(loadings - before).max() < STANDS_STILL:
            break
    return loadings


def _of_scale(
    scale: Scale, seen: Moments | None, published: Reliability | None
) -> ScaleReliability:
    sessions = seen.count if seen else 0
    covariances = seen.covariance() if seen and sessions >= FEWEST_SESSIONS else None
    found = None if covariances is None else alpha(covariances)
    if covariances is not None and found is not None:
        total, times = omega(covariances), len(scale.items) if scale.aggregator.averages else 1
        return ScaleReliability(
            scale=scale.code,
            basis=Basis.LIVE,
            alpha=rounded(found),
            omega=None if total is None else rounded(total),
            sd=rounded(float(covariances.sum()) ** 0.5 / times),
            sessions=sessions,
            source=f"{sessions} complete sessions here",
        )
    return ScaleReliability(
        scale=scale.code,
        basis=Basis.PUBLISHED if published else Basis.NOT_YET_KNOWN,
        alpha=published.alpha if published else None,
        omega=None,
        sd=published.sd if published else None,
        sessions=sessions,
        source=published.source if published else f"needs {FEWEST_SESSIONS} complete sessions",
    )
