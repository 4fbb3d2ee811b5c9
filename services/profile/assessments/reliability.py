"""How reliable an instrument's scales are: alpha and omega from a tenant's own sessions, else what was published.

alpha = k/(k-1) * (1 - sum of item variances / variance of the sum) (Cronbach 1951). omega = (sum of loadings)^2 /
((sum of loadings)^2 + sum of uniquenesses) with the loadings of one factor, found by minimal residuals (Harman and
Jones 1966, Psychometrika 31; McDonald 1999). Both from the covariances of keyed answers, rows without a gap only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from statistics import variance
from typing import TYPE_CHECKING

from services.profile.assessments.answers import Answers
from services.profile.assessments.figures import rounded
from services.profile.assessments.instruments import Instrument, Reliability, Scale
from services.profile.assessments.scoring import keyed_points

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

FEWEST_SESSIONS = 100
MOST_ROUNDS = 5_000
STANDS_STILL = 1e-12

Matrix = Sequence[Sequence[float]]


class Origin(StrEnum):
    """Where a coefficient comes from."""

    LIVE = "LIVE"
    PUBLISHED = "PUBLISHED"
    NOT_YET_KNOWN = "NOT_YET_KNOWN"


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """`sessions` are the complete ones that were seen, whether or not they were enough."""

    scale: str
    origin: Origin
    alpha: float | None
    omega: float | None
    sd: float | None
    sessions: int
    source: str

    def as_published(self) -> Reliability | None:
        """What `score` takes; null where alpha is unknown or negative."""
        if self.alpha is None or self.alpha < 0:
            return None
        return Reliability(scale=self.scale, alpha=self.alpha, sd=self.sd, source=self.source)


def of_instrument(
    instrument: Instrument, sessions: Sequence[Answers]
) -> tuple[ScaleReliability, ...]:
    """One for each scale whose items are rated and at least two; others have no internal consistency."""
    published = {each.scale: each for each in instrument.reliability}
    return tuple(
        _of_scale(instrument, scale, sessions, published)
        for scale in instrument.scales
        if len(scale.items) > 1 and scale.aggregator.rates
    )


def alpha(rows: Matrix) -> float | None:
    """Null where nothing varies or there is only one item or one row."""
    items = len(rows[0]) if rows else 0
    if items < 2 or len(rows) < 2:
        return None
    whole = variance([fsum(row) for row in rows])
    if whole == 0:
        return None
    parts = fsum(variance(column) for column in zip(*rows, strict=True))
    return items / (items - 1) * (1 - parts / whole)


def omega(rows: Matrix) -> float | None:
    """Null where an item does not vary, or with fewer than three items, where one factor is not determined."""
    import numpy as np  # noqa: PLC0415

    if len(rows) < 2 or len(rows[0]) < 3:
        return None
    covariance = np.cov(np.array(rows, dtype=float), rowvar=False)
    deviations = np.sqrt(np.diag(covariance))
    if (deviations == 0).any():
        return None
    correlation = covariance / np.outer(deviations, deviations)
    loadings = _one_factor(correlation)
    unique = (1 - loadings**2) * deviations**2
    common = float((loadings * deviations).sum()) ** 2
    return common / (common + float(unique.sum()))


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
            step = np.delete(correlation[at], at) @ others / max(others @ others, STANDS_STILL)
            loadings[at] = min(1.0, max(-1.0, step))
        if np.abs(loadings - before).max() < STANDS_STILL:
            break
    return loadings


def _of_scale(
    instrument: Instrument,
    scale: Scale,
    sessions: Sequence[Answers],
    published: Mapping[str, Reliability],
) -> ScaleReliability:
    rows = [
        points
        for answers in sessions
        if len(points := keyed_points(instrument, scale, answers)) == len(scale.items)
    ]
    found = alpha(rows) if len(rows) >= FEWEST_SESSIONS else None
    if found is not None:
        total = omega(rows)
        return ScaleReliability(
            scale=scale.code,
            origin=Origin.LIVE,
            alpha=rounded(found),
            omega=None if total is None else rounded(total),
            sd=rounded(_deviation(scale, rows)),
            sessions=len(rows),
            source=f"{len(rows)} complete sessions here",
        )
    known = published.get(scale.code)
    return ScaleReliability(
        scale=scale.code,
        origin=Origin.PUBLISHED if known else Origin.NOT_YET_KNOWN,
        alpha=known.alpha if known else None,
        omega=None,
        sd=known.sd if known else None,
        sessions=len(rows),
        source=known.source if known else f"needs {FEWEST_SESSIONS} complete sessions",
    )


def _deviation(scale: Scale, rows: Matrix) -> float:
    """The standard deviation of the raw score."""
    deviation = variance([fsum(row) for row in rows]) ** 0.5
    return float(deviation / len(scale.items) if scale.aggregator.averages else deviation)
