"""Type-like preferences, read off trait scores: continuous, with a band in the middle where none is clear.

A preference keeps its T score; it is never turned into one of two types. The correspondence of traits and preferences
is McCrae and Costa's (1989, Journal of Personality 57).
"""

from dataclasses import dataclass
from enum import StrEnum

from services.profile.assessments.figures import Interval, percentile, rounded
from services.profile.assessments.instruments import Instrument, Trait
from services.profile.assessments.scoring import ScaleScore, Scored

MIDDLE = 50.0


class Leaning(StrEnum):
    LOW = "LOW"
    HIGH = "HIGH"
    NOT_CLEAR = "NOT_CLEAR"


@dataclass(frozen=True, slots=True)
class Preference:
    """`standard` is on the T scale from the `low` to the `high` pole; `pole` is null where none is clear.

    `band_low` to `band_high` is what counts as not clear: so many points around 50, or half the 90 % interval where
    that is wider.
    """

    code: str
    name: str
    low: str
    high: str
    standard: float
    percentile: float
    interval: Interval | None
    band_low: float
    band_high: float
    leaning: Leaning
    pole: str | None


def derive(instrument: Instrument, traits: Scored) -> tuple[Preference, ...]:
    """In the instrument's order; a preference whose trait has no standard score is left out.

    `instrument` has a derivation, and `traits` is a result of the instrument that it names.
    """
    derivation = instrument.derivation
    if derivation is None or derivation.instrument != traits.instrument:
        return ()
    scores = {each.code: each for each in traits.scales}
    return tuple(
        _preference(instrument, trait, scores[trait.trait], derivation.band)
        for trait in derivation.traits
        if trait.trait in scores and scores[trait.trait].standard is not None
    )


def _preference(instrument: Instrument, trait: Trait, score: ScaleScore, band: float) -> Preference:
    scale = instrument.scale(trait.scale)
    standard = _turned(score.standard or MIDDLE, trait)
    interval = _turned_interval(score.standard_interval, trait)
    reach = max(band, (interval.high - interval.low) / 2) if interval else band
    leaning = _leaning(standard, reach)
    low, high = scale.low or "", scale.high or ""
    poles = {Leaning.LOW: low, Leaning.HIGH: high}
    return Preference(
        code=scale.code,
        name=scale.name,
        low=low,
        high=high,
        standard=standard,
        percentile=rounded(percentile(standard)),
        interval=interval,
        band_low=rounded(MIDDLE - reach),
        band_high=rounded(MIDDLE + reach),
        leaning=leaning,
        pole=poles.get(leaning),
    )


def _leaning(standard: float, reach: float) -> Leaning:
    if abs(standard - MIDDLE) <= reach:
        return Leaning.NOT_CLEAR
    return Leaning.HIGH if standard > MIDDLE else Leaning.LOW


def _turned(t: float, trait: Trait) -> float:
    return rounded(2 * MIDDLE - t) if trait.reversed else t


def _turned_interval(interval: Interval | None, trait: Trait) -> Interval | None:
    if interval is None or not trait.reversed:
        return interval
    return Interval(_turned(interval.high, trait), _turned(interval.low, trait))
