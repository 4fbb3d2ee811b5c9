"""Signs that answers were given without reading. They warn; nothing is ever rejected for them.

The longest run of equal answers and the spread within one person's answers after Curran (2016, Journal of Experimental
Social Psychology 66) and Dunn et al. (2018, Journal of Business and Psychology 33); two seconds an item after Huang
et al. (2012, same journal 27).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from math import fsum
from statistics import pstdev

from services.profile.assessments.answers import Answers
from services.profile.assessments.figures import rounded
from services.profile.assessments.instruments import Form, Instrument

FEWEST_ANSWERS = 10
LONGEST_RUN = 10
LEAST_SPREAD = 0.1
"""As a share of the range between the lowest and the highest option: 0.4 on options 1 to 5."""
LEAST_SECONDS = 2.0


class Sign(StrEnum):
    LONG_RUN = "LONG_RUN"
    LITTLE_SPREAD = "LITTLE_SPREAD"
    FAST = "FAST"


@dataclass(frozen=True, slots=True)
class Flag:
    """`figure` is what was found, `limit` what it is held against: a run of so many, a spread or seconds below."""

    sign: Sign
    figure: float
    limit: float
    sentence: str


def flags(
    instrument: Instrument, answers: Answers, timings: Mapping[str, float] | None
) -> tuple[Flag, ...]:
    """From the ratings as given, in the instrument's order; `timings` are seconds by item key."""
    keys = [
        item.key for item in instrument.items if item.form is Form.RATING and item.key in answers
    ]
    if len(keys) < FEWEST_ANSWERS:
        return ()
    given = [answer for key in keys if isinstance(answer := answers[key], int)]
    values = [option.value for option in instrument.response.options]
    found = (
        _run(given),
        _spread(given, max(values) - min(values)),
        _fast([timings[key] for key in keys if key in timings] if timings else []),
    )
    return tuple(flag for flag in found if flag)


def longest_run(given: Sequence[int]) -> int:
    return max((len(list(run)) for _, run in groupby(given)), default=0)


def _run(given: Sequence[int]) -> Flag | None:
    run = longest_run(given)
    if run < LONGEST_RUN:
        return None
    sentence = f"{run} answers in a row are the same."
    return Flag(Sign.LONG_RUN, run, LONGEST_RUN, sentence)


def _spread(given: Sequence[int], reach: int) -> Flag | None:
    spread, limit = pstdev(given), LEAST_SPREAD * reach
    if spread >= limit:
        return None
    sentence = "The answers hardly differ from each other."
    return Flag(Sign.LITTLE_SPREAD, rounded(spread), rounded(limit), sentence)


def _fast(seconds: Sequence[float]) -> Flag | None:
    if len(seconds) < FEWEST_ANSWERS:
        return None
    mean = fsum(seconds) / len(seconds)
    if mean >= LEAST_SECONDS:
        return None
    sentence = "The answers came faster than the items can be read."
    return Flag(Sign.FAST, rounded(mean), LEAST_SECONDS, sentence)
