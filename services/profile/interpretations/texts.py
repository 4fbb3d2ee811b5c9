"""Texts of an instrument are data: for each scale some bands of its score, and what a score in a band says.

`InterpretationTexts.model_validate_json(text)` reads the form that files and the library hold (camelCase). What
contradicts itself, or the instrument, is refused with the place and the fix. A version that was used never changes.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from services.profile.assessments.instruments import Instrument
from services.profile.assessments.parts import Code, Part, Text

BANDS = "{bands}"
"""Where a sentence names the neighbouring bands."""


class Figure(StrEnum):
    """Which figure of a scale the bands part.

    LEANING is a preference's own: its bands are LOW, NOT_CLEAR and HIGH, and its borders those of the preference.
    """

    RAW = "RAW"
    STANDARD = "STANDARD"
    PERCENTILE = "PERCENTILE"
    LEANING = "LEANING"


LEANINGS = ("LOW", "NOT_CLEAR", "HIGH")
COMPARED = frozenset({Figure.STANDARD, Figure.PERCENTILE})


class Band(Part):
    """Scores from `from` on, up to where the next band begins; the first begins at the bottom."""

    code: Code
    label: Text
    from_: float | None = Field(default=None, alias="from", allow_inf_nan=False)
    text: Text


class ScaleTexts(Part):
    """The bands of one scale, from the lowest up."""

    scale: Code
    by: Figure
    bands: tuple[Band, ...] = Field(min_length=1, max_length=12)


class InterpretationTexts(Part):
    """One version of an instrument's texts, in one language.

    `near_border` is said of a score whose interval reaches into other bands, which it names where `{bands}` stands;
    `not_known` of a score that has no interval, since nobody knows yet how exact it is.
    """

    instrument: Code
    instrument_version: Code
    version: Code
    locale: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    source: Text
    introduction: Text | None = None
    near_border: Text
    not_known: Text
    scales: tuple[ScaleTexts, ...] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if found := list(self._contradictions()):
            raise ValueError("; ".join(found))
        return self

    def of(self, scale: str) -> ScaleTexts | None:
        return next((each for each in self.scales if each.scale == scale), None)

    def against(self, instrument: Instrument) -> Iterator[str]:
        """What does not fit the instrument, as sentences."""
        codes = {scale.code for scale in instrument.scales}
        for place, each in enumerate(self.scales):
            here = f"scales[{place}]"
            if each.scale not in codes:
                yield f"{here}.scale: {each.scale!r} is no scale of {instrument.code}: correct the code"
            if each.by in COMPARED and not instrument.normed:
                yield f"{here}.by: {instrument.code} has no norms: say RAW"
            if (each.by is Figure.LEANING) != (instrument.derivation is not None):
                yield f"{here}.by: LEANING is for preferences read off another instrument, and they have no other"

    def _contradictions(self) -> Iterator[str]:
        if BANDS not in self.near_border:
            yield f"nearBorder: it does not name the other bands: put {BANDS} where they belong"
        for code, count in Counter(each.scale for each in self.scales).items():
            if count > 1:
                yield f"scales: {code!r} stands there {count} times: give each scale once"
        for place, each in enumerate(self.scales):
            yield from _of_bands(f"scales[{place}].bands", each)


def _of_bands(place: str, scale: ScaleTexts) -> Iterator[str]:
    codes = [band.code for band in scale.bands]
    begins = [band.from_ for band in scale.bands]
    if len(set(codes)) < len(codes):
        yield f"{place}: two bands have one code: give each its own"
    if scale.by is Figure.LEANING:
        if tuple(codes) != LEANINGS or any(each is not None for each in begins):
            yield f"{place}: of a LEANING they are {', '.join(LEANINGS)}, without from"
        return
    if begins[0] is not None:
        yield f"{place}[0].from: the first begins at the bottom: leave it out"
    rest = begins[1:]
    if any(each is None for each in rest):
        yield f"{place}: each but the first needs from, where it begins"
    elif any(low >= high for low, high in pairwise(each for each in rest if each is not None)):
        yield f"{place}: put them in order, each beginning above the one before"
