"""How levels have grown, a small plot a skill, all over the same days and levels so that they compare at a glance.

The ring is the first level that is known, filled dots are the later ones, the upright bars their 90 % intervals. What
changed is told in words; a change is certain when the first and the last interval do not even touch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shared import drawing
from shared.drawing import Mark, Scale

COLUMNS = 3
MARGIN, TOP, FOOT = 16, 72, 44
PANEL_WIDTH, PANEL_HEIGHT, GUTTER = 236, 168, 16
LOWEST, HIGHEST = 0.0, 5.0
NAME_LETTERS, TITLE_LETTERS = 32, 80


@dataclass(frozen=True, slots=True)
class Known:
    """A level with its interval on a day."""

    day: date
    level: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SkillGrowth:
    """A skill's levels by ascending day; days of which nothing is known are left out."""

    name: str
    levels: Sequence[Known]

    @property
    def change(self) -> float | None:
        if len(self.levels) < 2:
            return None
        return self.levels[-1].level - self.levels[0].level

    @property
    def certain(self) -> bool:
        if not self.levels:
            return False
        first, last = self.levels[0], self.levels[-1]
        return last.low > first.high or first.low > last.high


@dataclass(frozen=True, slots=True)
class Growth:
    """Skills in the order that they are to be shown in; `since` and `until` are the ends of every plot."""

    since: date
    until: date
    skills: Sequence[SkillGrowth]


def small_multiples(growth: Growth) -> str:
    """As SVG; its text alternative is a sentence a skill."""
    title = f"Growth from {growth.since.isoformat()} to {growth.until.isoformat()}"
    lines = max(-(-len(growth.skills) // COLUMNS), 1)
    width = 2 * MARGIN + COLUMNS * PANEL_WIDTH + (COLUMNS - 1) * GUTTER
    height = TOP + lines * (PANEL_HEIGHT + GUTTER) + FOOT
    marks = [
        drawing.text(MARGIN, 28, title, size=drawing.HEADING, bold=True),
        drawing.text(MARGIN, 50, _overall(growth), look="soft"),
        *(mark for at, each in enumerate(growth.skills) for mark in _panel(growth, each, at)),
        *_legend(height - 18),
    ]
    sentences = [_overall(growth), *(_sentence(each) for each in growth.skills)]
    return drawing.picture(title, sentences, marks, width=width, height=height)


def _overall(growth: Growth) -> str:
    if not growth.skills:
        return "Nothing is known of any skill in these days."
    changes = [each.change or 0.0 for each in growth.skills]
    grown, faded = sum(each > 0 for each in changes), sum(each < 0 for each in changes)
    certain = sum(each.certain for each in growth.skills)
    return (
        f"Of {len(growth.skills)} skills {grown} went up, {faded} went down, {certain} for certain."
    )


def _sentence(skill: SkillGrowth) -> str:
    told = [
        f"{drawing.number(each.level)} ({drawing.number(each.low)} to {drawing.number(each.high)})"
        f" on {each.day.isoformat()}"
        for each in skill.levels
    ]
    return f"{' '.join(skill.name.split())}: {', '.join([*told, _verdict(skill)])}."


def _verdict(skill: SkillGrowth) -> str:
    if not skill.levels:
        return "no level is known"
    if skill.change is None:
        return "one level is known"
    size = drawing.number(abs(skill.change))
    if size == drawing.number(0):
        return "unchanged"
    direction = "up" if skill.change > 0 else "down"
    return f"{direction} {size}, {'certain' if skill.certain else 'uncertain'}"


def _panel(growth: Growth, skill: SkillGrowth, at: int) -> Iterator[Mark]:
    left = MARGIN + (at % COLUMNS) * (PANEL_WIDTH + GUTTER)
    top = TOP + (at // COLUMNS) * (PANEL_HEIGHT + GUTTER)
    levels = Scale(LOWEST, HIGHEST, top + PANEL_HEIGHT - 20, top + 44)
    days = Scale(
        growth.since.toordinal(),
        max(growth.until.toordinal(), growth.since.toordinal() + 1),
        left + 28,
        left + PANEL_WIDTH - 12,
    )
    yield drawing.text(left, top + 12, drawing.shortened(skill.name, NAME_LETTERS), bold=True)
    yield drawing.text(left, top + 30, _verdict(skill), look="soft", size=drawing.SMALL)
    yield from _grid(growth, days, levels, left)
    yield from _course(skill, days, levels)


def _grid(growth: Growth, days: Scale, levels: Scale, left: float) -> Iterator[Mark]:
    for level in range(int(LOWEST), int(HIGHEST) + 1):
        y = levels.at(level)
        yield drawing.line((days.start, y), (days.end, y), thick=0.5, dash=drawing.DOTTED)
        yield drawing.text(left, y + 4, str(level), look="soft", size=drawing.SMALL)
    under = levels.start + 16
    for day, x, anchor in ((growth.since, days.start, "start"), (growth.until, days.end, "end")):
        words = day.isoformat()
        yield drawing.text(x, under, words, look="soft", size=drawing.SMALL, anchor=anchor)


def _course(skill: SkillGrowth, days: Scale, levels: Scale) -> Iterator[Mark]:
    places = [(days.at(each.day.toordinal()), levels.at(each.level)) for each in skill.levels]
    if len(places) > 1:
        yield drawing.path(places, look="first", thick=1.5)
    for first, (each, (x, y)) in enumerate(zip(skill.levels, places, strict=True)):
        yield drawing.upright_interval(x, levels.at(each.low), levels.at(each.high), look="first")
        yield (drawing.dot if first else drawing.ring)(x, y, look="first")


def _legend(y: float) -> Iterator[Mark]:
    yield drawing.ring(24, y - 4, look="first")
    yield drawing.text(38, y, "first known level", look="soft")
    yield drawing.dot(172, y - 4, look="first")
    yield drawing.text(186, y, "later level", look="soft")
    yield drawing.upright_interval(286, y - 12, y + 4, look="first")
    yield drawing.text(300, y, "90 % interval", look="soft")
