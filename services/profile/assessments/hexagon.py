"""Interests in six areas as a hexagon: the nearer two areas lie on its rim, the more alike they are (Holland 1997).

A score lies on the way from the centre, the least of the scale, to the corner, the most of it. The filled dots and the
closed line are the scores, each dashed hexagon a fifth of the scale; the strongest areas are named in bold. It shows
what the result shows: it is for whom the result is shown to, and for nobody else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from shared import drawing
from shared.drawing import Mark, Point, Scale

LETTERS = ("R", "I", "A", "S", "E", "C")
"""In this order clockwise around the hexagon, from the upper left corner on, as Holland draws it."""

WIDTH, HEIGHT = 720, 500
CENTRE: Point = (360, 266)
RADIUS = 165.0
RINGS = 5
NAME_LETTERS, TITLE_LETTERS = 24, 64


@dataclass(frozen=True, slots=True)
class Interests:
    """Six scores by letter, between the bounds of their scale; None for an area that has none, as with few answers.

    `code` is the result's own, e.g. `RI(AS)`, where areas in brackets are as strong as each other.
    """

    title: str
    scores: Mapping[str, float | None]
    names: Mapping[str, str]
    low: float
    high: float
    code: str | None = None
    note: str | None = None


def hexagon(interests: Interests) -> str:
    """As SVG; its text alternative is a sentence an area, the strongest first."""
    marks = [
        drawing.text(
            16,
            28,
            drawing.shortened(interests.title, TITLE_LETTERS),
            size=drawing.HEADING,
            bold=True,
        ),
        drawing.text(16, 50, drawing.shortened(_overall(interests), TITLE_LETTERS), look="soft"),
        *_web(interests),
        *_profile(interests),
        *(mark for letter in LETTERS for mark in _corner_words(interests, letter)),
        *_note(interests),
    ]
    return drawing.picture(
        interests.title, list(_sentences(interests)), marks, width=WIDTH, height=HEIGHT
    )


def _sentences(interests: Interests) -> Iterator[str]:
    if interests.code:
        yield f"Code {interests.code}."
    yield f"Scores from {_score(interests.low)} to {_score(interests.high)}, the highest first."
    for letter in sorted(LETTERS, key=lambda each: _strength(interests, each)):
        score = interests.scores.get(letter)
        name = f"{_name(interests, letter)} ({letter})"
        yield f"{name}: no score." if score is None else f"{name}: {_score(score)}."
    if interests.note:
        yield " ".join(interests.note.split())


def _strength(interests: Interests, letter: str) -> tuple[bool, float, int]:
    score = interests.scores.get(letter)
    return score is None, -(score or 0.0), LETTERS.index(letter)


def _overall(interests: Interests) -> str:
    bounds = f"{_score(interests.low)} at the centre, {_score(interests.high)} at the corners"
    return f"Code {interests.code}; {bounds}" if interests.code else bounds


def _web(interests: Interests) -> Iterator[Mark]:
    for each in range(1, RINGS + 1):
        rim = [_place(at, RADIUS * each / RINGS) for at in range(len(LETTERS))]
        dash = None if each == RINGS else drawing.DASHED
        yield drawing.outline(rim, look="soft", thick=1, dash=dash)
    for at in range(len(LETTERS)):
        yield drawing.line(CENTRE, _place(at, RADIUS), thick=0.5)


def _profile(interests: Interests) -> Iterator[Mark]:
    """A closed line only around all six; a missing score must not look like the least one."""
    scale = Scale(interests.low, interests.high, 0, RADIUS)
    places = {
        letter: _place(at, scale.at(score))
        for at, letter in enumerate(LETTERS)
        if (score := interests.scores.get(letter)) is not None
    }
    if len(places) == len(LETTERS):
        yield drawing.outline(list(places.values()), look="first", thick=2.5)
    for x, y in places.values():
        yield drawing.dot(x, y, look="first")


def _corner_words(interests: Interests, letter: str) -> Iterator[Mark]:
    x, y = _place(LETTERS.index(letter), RADIUS + 16)
    anchor = "end" if x < CENTRE[0] else "start"
    score = interests.scores.get(letter)
    name = drawing.shortened(f"{letter} {_name(interests, letter)}", NAME_LETTERS)
    told = "no score" if score is None else _score(score)
    strong = letter in (interests.code or "")
    yield drawing.text(x, y, name, anchor=anchor, bold=strong)
    yield drawing.text(x, y + 16, told, look="soft", anchor=anchor)


def _note(interests: Interests) -> Iterator[Mark]:
    if interests.note:
        words = drawing.shortened(interests.note, 84)
        yield drawing.text(16, HEIGHT - 16, words, look="soft", size=drawing.SMALL)


def _place(at: int, distance: float) -> Point:
    """`at` counts clockwise from the upper left corner."""
    angle = pi / 3 * (at - 2)
    return CENTRE[0] + distance * cos(angle), CENTRE[1] + distance * sin(angle)


def _name(interests: Interests, letter: str) -> str:
    return " ".join(interests.names.get(letter, letter).split())


def _score(score: float) -> str:
    """At most two decimals, and none that are zero."""
    return f"{round(score, 2) + 0.0:.12g}"
