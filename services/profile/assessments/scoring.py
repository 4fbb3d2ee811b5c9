"""From answers to a result: one pure function over an instrument and its answers.

The order in which answers arrive never matters. A scale with more than a tenth of its items unanswered is not scored;
with fewer it is prorated (the mean of what was answered stands for what was not) and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from services.profile.assessments.answers import Answer, Answers, wrong
from services.profile.assessments.carelessness import Flag, flags
from services.profile.assessments.figures import (
    Interval,
    around,
    percentile,
    rounded,
    standard,
    standard_error,
)
from services.profile.assessments.instruments import (
    Aggregator,
    Instrument,
    Kind,
    NormGroup,
    Reliability,
    Scale,
)
from services.profile.assessments.interests import LETTERS, InterestCode, code_of
from services.profile.assessments.values import ValuesOrder, order_of

ENGINE_VERSION = "1"
ITEMS_TO_ONE_MISSING = 10


class NotScorable(Exception):
    """The answers cannot be scored; the sentence names the item or the group and the fix."""


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """One scale's figures; `raw` is null, with the reason in `unscored`, where too much is missing.

    `sem` and `interval` are in raw points, `standard_interval` in T points; all of them need a reliability.
    `standard` and `percentile` need a norm group. The last four are what the figures were computed with: the norm's
    mean and deviation, alpha and where it comes from.
    """

    code: str
    items: int
    answered: int
    missing: int
    prorated: bool
    raw: float | None
    lowest: float
    highest: float
    standard: float | None
    percentile: float | None
    sem: float | None
    interval: Interval | None
    standard_interval: Interval | None
    unscored: str | None
    mean: float | None
    sd: float | None
    alpha: float | None
    alpha_source: str | None


@dataclass(frozen=True, slots=True)
class Scored:
    """`interest_code` for the six interest areas, `values` for values; else null."""

    instrument: str
    version: str
    engine: str
    norm_group: str | None
    scales: tuple[ScaleScore, ...]
    flags: tuple[Flag, ...]
    interest_code: InterestCode | None
    values: ValuesOrder | None


def score(
    instrument: Instrument,
    answers: Answers,
    *,
    timings: Mapping[str, float] | None = None,
    norm_group: str | None = None,
    reliability: Mapping[str, Reliability] | None = None,
) -> Scored:
    """`answers` as in `answers.py`; `timings` are seconds by item key.

    `norm_group` is one of the instrument's, else its default, else there are no standard scores. `reliability` by
    scale goes before what was published. Raises NotScorable for an answer that is none, or an unknown group.
    """
    for each in wrong(instrument, answers):
        raise NotScorable(f"{each.key}: {each.sentence}")
    group = _group(instrument, norm_group)
    known = {each.scale: each for each in instrument.reliability} | dict(reliability or {})
    scales = tuple(
        _scored(instrument, scale, answers, group, known.get(scale.code))
        for scale in instrument.scales
    )
    raws = {each.code: each.raw for each in scales if each.raw is not None}
    whole = len(raws) == len(scales) > 0
    six = instrument.kind is Kind.INTEREST and raws.keys() >= set(LETTERS)
    return Scored(
        instrument=instrument.code,
        version=instrument.version,
        engine=ENGINE_VERSION,
        norm_group=group.code if group else None,
        scales=scales,
        flags=flags(instrument, answers, timings),
        interest_code=code_of(raws) if six else None,
        values=order_of(instrument, raws, answers)
        if whole and instrument.kind is Kind.VALUES
        else None,
    )


def _group(instrument: Instrument, code: str | None) -> NormGroup | None:
    wanted = code or instrument.default_norm_group
    if wanted is None:
        return None
    groups = {group.code: group for group in instrument.norm_groups}
    if wanted not in groups:
        known = ", ".join(groups) or "none"
        raise NotScorable(
            f"normGroup: {wanted!r} is no group of {instrument.code}: name one of {known}."
        )
    return groups[wanted]


def _scored(
    instrument: Instrument,
    scale: Scale,
    answers: Answers,
    group: NormGroup | None,
    reliability: Reliability | None,
) -> ScaleScore:
    points = keyed_points(instrument, scale, answers)
    missing = len(scale.items) - len(points)
    lowest, highest = _reach(instrument, scale)
    scored = bool(points) and missing * ITEMS_TO_ONE_MISSING <= len(scale.items)
    raw = _raw(scale, points) if scored else None
    norm = next((each for each in group.norms if each.scale == scale.code), None) if group else None
    t = standard(raw, norm.mean, norm.sd) if raw is not None and norm else None
    sd = norm.sd if norm else reliability.sd if reliability else None
    sem = standard_error(sd, reliability.alpha) if sd and reliability else None
    t_error = standard_error(10, reliability.alpha) if reliability else None
    return ScaleScore(
        code=scale.code,
        items=len(scale.items),
        answered=len(points),
        missing=missing,
        prorated=scored and missing > 0,
        raw=None if raw is None else rounded(raw),
        lowest=lowest,
        highest=highest,
        standard=None if t is None else rounded(t),
        percentile=None if t is None else rounded(percentile(t)),
        sem=None if sem is None or raw is None else rounded(sem),
        interval=None if sem is None or raw is None else around(raw, sem),
        standard_interval=None if t is None or t_error is None else around(t, t_error),
        unscored=None if scored else _reason(missing, len(scale.items)),
        mean=norm.mean if norm else None,
        sd=sd,
        alpha=reliability.alpha if reliability else None,
        alpha_source=reliability.source if reliability else None,
    )


def _reason(missing: int, items: int) -> str:
    if items == 0:
        return "It has no items of its own."
    return f"{missing} of {items} items have no answer; at most a tenth may be missing."


def _raw(scale: Scale, points: Sequence[float]) -> float:
    mean = fsum(points) / len(points)
    if scale.aggregator is Aggregator.MEAN:
        return mean
    return fsum(points) if len(points) == len(scale.items) else mean * len(scale.items)


def keyed_points(instrument: Instrument, scale: Scale, answers: Answers) -> list[float]:
    """What each answered item of the scale counts, reversed items turned round, in the scale's order."""
    counts = {option.value: option.counts for option in instrument.response.options}
    turned = min(counts.values(), default=0) + max(counts.values(), default=0)
    found = []
    for keyed in scale.items:
        if keyed.key in answers:
            point = _point(scale, answers[keyed.key], counts)
            found.append(turned - point if keyed.reversed else point)
    return found


def _point(scale: Scale, answer: Answer, counts: Mapping[int, float]) -> float:
    if isinstance(answer, int):
        return counts[answer]
    if isinstance(answer, str):
        return float(answer == scale.code)
    return float(len(answer) - 1 - list(answer).index(scale.code))


def _reach(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    """The lowest and the highest raw score that the scale can have."""
    if scale.aggregator is Aggregator.WINS:
        return 0.0, float(len(scale.items))
    if scale.aggregator is Aggregator.RANK:
        return 0.0, float(sum(len(instrument.item(each.key).choices) - 1 for each in scale.items))
    counts = [option.counts for option in instrument.response.options] or [0.0]
    times = 1 if scale.aggregator is Aggregator.MEAN else len(scale.items)
    return min(counts) * times, max(counts) * times
