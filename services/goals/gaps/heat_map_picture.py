"""The heat map of a unit as a picture: a line a skill, a column for the unit and one for each unit right below it.

How much is covered is the number in a cell and the density of its upright lines, from none to ten. A cell that is
withheld shows nothing but that: either it tells of fewer people than the least number, or it would let somebody compute
a number of so few from the others. So it does not say which of both, nor how many there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from shared import drawing
from shared.drawing import Mark

MARGIN, TOP, FOOT = 16, 116, 44
NAME_WIDTH, CELL_WIDTH, CELL_HEIGHT, SPACE = 250, 104, 58, 4
NAME_LETTERS, UNIT_LETTERS, TITLE_LETTERS = 33, 14, 60
LEAST_WIDTH = 780
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit and a skill, of `people` who are asked for it; coverage and gap are None when nobody is assessed."""

    suppressed: bool
    people: int | None = None
    coverage: float | None = None
    mean_gap: float | None = None
    unassessed_share: float | None = None


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill with a cell a unit, in the order of the units; None where no role asks for it."""

    name: str
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class DrawnHeatMap:
    """`units` are the whole unit and those right below it; `k` is the least number of people that a cell tells of."""

    unit: str
    k: int
    units: Sequence[str]
    skills: Sequence[SkillLine]


def heat_map(told: DrawnHeatMap) -> str:
    """As SVG; its text alternative is a sentence a skill and unit."""
    title = f"Skills in {told.unit}"
    width = max(MARGIN * 2 + NAME_WIDTH + len(told.units) * (CELL_WIDTH + SPACE), LEAST_WIDTH)
    height = TOP + max(len(told.skills), 1) * (CELL_HEIGHT + SPACE) + FOOT
    marks = [
        drawing.text(
            MARGIN, 28, drawing.shortened(title, TITLE_LETTERS), size=drawing.HEADING, bold=True
        ),
        drawing.text(MARGIN, 50, _overall(told), look="soft"),
        *_heads(told),
        *(mark for at, each in enumerate(told.skills) for mark in _line(each, at)),
        *_legend(told, height - 18),
    ]
    return drawing.picture(title, list(_sentences(told)), marks, width=width, height=height)


def _overall(told: DrawnHeatMap) -> str:
    if not told.skills:
        return "No role in this unit asks for a skill."
    withheld = sum(bool(each and each.suppressed) for line in told.skills for each in line.cells)
    return f"{len(told.skills)} skills in {len(told.units)} units; withheld cells: {withheld}."


def _sentences(told: DrawnHeatMap) -> Iterator[str]:
    yield _overall(told)
    if any(each and each.suppressed for line in told.skills for each in line.cells):
        yield _why_withheld(told)
    for line in told.skills:
        for unit, each in zip_longest(told.units, line.cells):
            yield f"{' '.join(line.name.split())}, {' '.join(unit.split())}: {_said(each)}."


def _why_withheld(told: DrawnHeatMap) -> str:
    return f"Withheld: fewer than {told.k} people, or the others would tell of fewer than {told.k}."


def _said(cell: Cell | None) -> str:
    if cell is None:
        return "not asked for"
    if cell.suppressed:
        return "withheld"
    asked = f"asked of {cell.people} people"
    if cell.coverage is None or cell.mean_gap is None:
        return f"{asked}, nobody assessed"
    unknown = f"{_percent(cell.unassessed_share or 0)} not assessed"
    gap = f"mean gap {drawing.number(cell.mean_gap)}"
    return f"{_percent(cell.coverage)} covered, {gap}, {asked}, {unknown}"


def _heads(told: DrawnHeatMap) -> Iterator[Mark]:
    for at, unit in enumerate(told.units):
        for line, words in enumerate(drawing.in_lines(unit, UNIT_LETTERS, lines=2)):
            yield drawing.text(_left(at), 84 + 16 * line, words, bold=at == 0)


def _line(skill: SkillLine, at: int) -> Iterator[Mark]:
    top = TOP + at * (CELL_HEIGHT + SPACE)
    for line, words in enumerate(drawing.in_lines(skill.name, NAME_LETTERS, lines=2)):
        yield drawing.text(MARGIN, top + 22 + 16 * line, words)
    for column, cell in enumerate(skill.cells):
        if cell is not None:
            yield from _cell(cell, _left(column), top)


def _cell(cell: Cell, left: float, top: float) -> Iterator[Mark]:
    corners = [
        (left, top),
        (left + CELL_WIDTH, top),
        (left + CELL_WIDTH, top + CELL_HEIGHT),
        (left, top + CELL_HEIGHT),
    ]
    told = not cell.suppressed
    yield drawing.outline(corners, look="soft", thick=1, dash=None if told else drawing.DASHED)
    if not told:
        yield drawing.text(left + 8, top + 33, "withheld", look="soft")
        return
    people = f"{cell.people} people"
    yield drawing.text(left + 8, top + 36, people, look="soft", size=drawing.SMALL)
    if cell.coverage is None or cell.mean_gap is None:
        yield drawing.text(left + 8, top + 20, "not assessed", look="soft")
        return
    yield drawing.text(left + 8, top + 20, _percent(cell.coverage), bold=True)
    gap, right = f"gap {drawing.number(cell.mean_gap)}", left + CELL_WIDTH - 8
    yield drawing.text(right, top + 20, gap, look="soft", size=drawing.SMALL, anchor="end")
    yield drawing.hatching(
        (left + 8, top + 42), CELL_WIDTH - 16, 12, lines=round(cell.coverage * MOST_LINES)
    )


def _legend(told: DrawnHeatMap, y: float) -> Iterator[Mark]:
    yield drawing.hatching((MARGIN, y - 12), 60, 14, lines=MOST_LINES)
    words = "covered: the denser the more"
    yield drawing.text(MARGIN + 70, y, words, look="soft", size=drawing.SMALL)
    words = _why_withheld(told)
    yield drawing.text(MARGIN + 260, y, words, look="soft", size=drawing.SMALL)


def _left(column: int) -> float:
    return MARGIN + NAME_WIDTH + column * (CELL_WIDTH + SPACE)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
