"""From a result and an instrument's texts to words: one pure function.

A score falls into one band. Where its 90 % interval reaches into others it lies near a border: then those are named and
their texts stand beside, since the same person might be there another time. Where a score has no interval, because
nobody knows how exact it is, the words say that. What has no score gets no words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.profile.assessments.figures import percentile
from services.profile.interpretations.texts import (
    BANDS,
    LEANINGS,
    Band,
    Figure,
    InterpretationTexts,
    ScaleTexts,
)


class Certainty(StrEnum):
    """CLEAR: the whole interval lies in the band. NEAR_BORDER: it reaches into another. NOT_KNOWN: there is none."""

    CLEAR = "CLEAR"
    NEAR_BORDER = "NEAR_BORDER"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class Placed:
    """Which band a score falls into, and into which others its interval reaches; None where it has no interval."""

    band: int
    near: tuple[int, ...] | None


def interpret(report: Mapping[str, Any], texts: InterpretationTexts) -> list[dict[str, Any]]:
    """What each scale of a result says, in the result's order and the wire's own names."""
    figures = [*report.get("scales", ()), *report.get("preferences", ())]
    found = []
    for each in figures:
        scale = texts.of(each["code"])
        placed = _placed(each, scale) if scale else None
        if scale and placed:
            found.append(_said(each, scale, placed, texts))
    return found


def _placed(figure: Mapping[str, Any], scale: ScaleTexts) -> Placed | None:
    if scale.by is Figure.LEANING:
        return _leaning(figure)
    value, interval = _value(figure, scale.by)
    if value is None:
        return None
    borders = [float(band.from_) for band in scale.bands if band.from_ is not None]
    band = _band(value, borders)
    if interval is None:
        return Placed(band, None)
    low, high = (_band(each, borders) for each in interval)
    return Placed(band, tuple(each for each in range(low, high + 1) if each != band))


def _leaning(preference: Mapping[str, Any]) -> Placed | None:
    """As the preference itself says it, whose middle is as wide as its own interval asks."""
    if "leaning" not in preference:
        return None
    band, interval = LEANINGS.index(preference["leaning"]), preference["interval"]
    if interval is None:
        return Placed(band, None)
    reached = (
        interval["low"] < preference["bandLow"],
        interval["high"] >= preference["bandLow"] and interval["low"] <= preference["bandHigh"],
        interval["high"] > preference["bandHigh"],
    )
    return Placed(band, tuple(at for at, touches in enumerate(reached) if touches and at != band))


def _value(
    figure: Mapping[str, Any], by: Figure
) -> tuple[float | None, tuple[float, float] | None]:
    """The figure that the bands part, and its interval in the same unit."""
    if by is Figure.RAW:
        return figure.get("raw"), _ends(figure.get("interval"))
    own = "interval" if "leaning" in figure else "standardInterval"
    standard, ends = figure.get("standard"), _ends(figure.get(own))
    if by is Figure.STANDARD:
        return standard, ends
    return figure.get("percentile"), ends and (percentile(ends[0]), percentile(ends[1]))


def _ends(interval: Mapping[str, float] | None) -> tuple[float, float] | None:
    return (interval["low"], interval["high"]) if interval else None


def _band(value: float, borders: Sequence[float]) -> int:
    """A score on a border belongs to the band that begins there."""
    return sum(value >= border for border in borders)


def _said(
    figure: Mapping[str, Any], scale: ScaleTexts, placed: Placed, texts: InterpretationTexts
) -> dict[str, Any]:
    near = [scale.bands[at] for at in placed.near or ()]
    return {
        "scale": scale.scale,
        "name": figure["name"],
        **_words(scale.bands[placed.band]),
        "certainty": _certainty(placed).value,
        "note": _note(placed, near, texts),
        "near": [_words(each) for each in near],
    }


def _words(band: Band) -> dict[str, str]:
    return {"band": band.code, "label": band.label, "text": band.text}


def _certainty(placed: Placed) -> Certainty:
    if placed.near is None:
        return Certainty.NOT_KNOWN
    return Certainty.NEAR_BORDER if placed.near else Certainty.CLEAR


def _note(placed: Placed, near: Sequence[Band], texts: InterpretationTexts) -> str | None:
    if placed.near is None:
        return texts.not_known
    named = ", ".join(f"“{each.label}”" for each in near)
    return texts.near_border.replace(BANDS, named) if near else None
