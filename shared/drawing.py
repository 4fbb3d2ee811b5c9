"""Pictures as SVG text that stands alone: escaped, the same for the same input, without scripts, without references.

What a mark means is told by its shape, its pattern and words; colour only says it again. Whoever hears the picture
instead of seeing it gets its title and its description, so a description has to say all that the picture shows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from textwrap import wrap
from types import MappingProxyType
from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

Mark = ET.Element
Point = tuple[float, float]

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
PAPER = ("#ffffff", "#0d1117")
COLOURS = MappingProxyType(
    {
        "ink": ("#1f2328", "#e6edf3"),
        "soft": ("#57606a", "#9ea7b3"),
        "first": ("#0550ae", "#79c0ff"),
        "second": ("#953800", "#ffa657"),
    }
)
"""On light and on dark paper; each has a contrast of 4.5:1 or more to its paper (WCAG 2.2, 1.4.3)."""

DASHED, DOTTED = "6 4", "1 5"
HEADING, BODY, SMALL = 16, 13, 11
"""Sizes of letters."""

_NOT_FOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value lies between two places; what is beyond an end is drawn at that end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def picture(
    title: str, description: Sequence[str], marks: Iterable[Mark], *, width: float, height: float
) -> str:
    """The marks in their order, on paper of that size; `description` is a sentence each."""
    drawn = [*_text_alternative(title, description), *marks]
    key = f"p{sha256(b''.join(ET.tostring(each) for each in drawn)).hexdigest()[:10]}"
    for each, name in zip(drawn, ("title", "desc"), strict=False):
        each.set("id", f"{key}-{name}")
    root = _element(
        "svg",
        xmlns=NAMESPACE,
        id=key,
        role="img",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=number(width),
        height=number(height),
        lang="en",
    )
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    style = _element("style")
    style.text = _style(f"#{key}")
    paper = rectangle(0, 0, width, height, look="paper")
    root.extend([*drawn[:2], style, paper, *drawn[2:]])
    return ET.tostring(root, encoding="unicode")


def _text_alternative(title: str, description: Sequence[str]) -> tuple[Mark, Mark]:
    named, described = _element("title"), _element("desc")
    named.text = clean(title)
    described.text = "\n".join(clean(sentence) for sentence in description)
    return named, described


def _style(within: str) -> str:
    """Every rule holds within the picture alone, so that a page can take in more than one."""
    light, dark = ("".join(_rules(within, paper)) for paper in (0, 1))
    letters = f"{within} text{{font-family:{FONT}}}"
    return f"{letters}{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _rules(within: str, paper: int) -> Iterable[str]:
    yield f"{within} .paper{{fill:{PAPER[paper]}}}"
    for name, colours in COLOURS.items():
        yield f"{within} .{name}{{fill:{colours[paper]}}}"
        yield f"{within} .{name}-line{{fill:none;stroke:{colours[paper]}}}"


def number(value: float) -> str:
    """Two decimals, never a negative zero."""
    return f"{round(value, 2) + 0.0:.2f}"


def clean(words: str) -> str:
    """Without what XML has no place for, and without signs that turn the direction of the letters after them."""
    return _TURNING.sub("", _NOT_FOR_XML.sub("\ufffd", words))


def shortened(words: str, most: int) -> str:
    """At most that many letters wide, where a wide letter counts for two; what is cut off leaves an ellipsis."""
    kept, room = [], most - 1
    said = " ".join(clean(words).split())
    if sum(_width(letter) for letter in said) <= most:
        return said
    for letter in said:
        room -= _width(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def in_lines(words: str, most: int, *, lines: int) -> list[str]:
    """Broken between words, each line at most that wide; what does not fit is cut off."""
    wrapped = wrap(clean(words), most, max_lines=lines, placeholder="…")
    return [shortened(each, most) for each in wrapped]


def _width(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1


def text(
    x: float,
    y: float,
    words: str,
    *,
    look: str = "ink",
    size: int = BODY,
    anchor: str = "start",
    bold: bool = False,
) -> Mark:
    """`y` is the line that the letters stand on; `anchor` is start, middle or end."""
    mark = _element("text", x=number(x), y=number(y), **{"class": look, "font-size": str(size)})
    mark.set("text-anchor", anchor)
    if bold:
        mark.set("font-weight", "600")
    mark.text = clean(words)
    return mark


def line(
    start: Point, end: Point, *, look: str = "soft", thick: float = 1, dash: str | None = None
) -> Mark:
    return _stroked("line", look, thick, dash, **_ends(start, end))


def path(points: Sequence[Point], *, look: str, thick: float = 2, dash: str | None = None) -> Mark:
    """A line over all the points."""
    return _stroked("polyline", look, thick, dash, points=_points(points))


def outline(
    points: Sequence[Point], *, look: str, thick: float = 2, dash: str | None = None
) -> Mark:
    """A closed line."""
    return _stroked("polygon", look, thick, dash, points=_points(points))


def interval(low: float, high: float, y: float, *, look: str, cap: float = 5) -> Mark:
    """A level bar from one `x` to another, with a cap at each end."""
    return _trace(
        ((low, y - cap), (low, y + cap)), ((low, y), (high, y)), ((high, y - cap), (high, y + cap)),
        look=look, thick=2,
    )  # fmt: skip


def upright_interval(x: float, low: float, high: float, *, look: str, cap: float = 4) -> Mark:
    """An upright bar from one `y` to another, with a cap at each end."""
    return _trace(
        ((x - cap, low), (x + cap, low)), ((x, low), (x, high)), ((x - cap, high), (x + cap, high)),
        look=look, thick=1.5,
    )  # fmt: skip


def dot(x: float, y: float, *, look: str, size: float = 5) -> Mark:
    """A filled circle."""
    return _element("circle", cx=number(x), cy=number(y), r=number(size), **{"class": look})


def ring(x: float, y: float, *, look: str, size: float = 5) -> Mark:
    """An empty circle."""
    return _stroked("circle", look, 2, None, cx=number(x), cy=number(y), r=number(size))


def diamond(x: float, y: float, *, look: str, size: float = 7) -> Mark:
    """An empty square on its tip."""
    return outline([(x, y - size), (x + size, y), (x, y + size), (x - size, y)], look=look)


def rectangle(x: float, y: float, width: float, height: float, *, look: str) -> Mark:
    """Filled; with a look that ends in `-line` empty."""
    return _element(
        "rect",
        x=number(x),
        y=number(y),
        width=number(width),
        height=number(height),
        **{"class": look},
    )


def hatching(
    corner: Point, width: float, height: float, *, lines: int, look: str = "first"
) -> Mark:
    """A field with that many upright lines, the denser the more; none leaves it blank."""
    x, y = corner
    places = [x + width * (each + 0.5) / lines for each in range(lines)]
    return _trace(*(((place, y), (place, y + height)) for place in places), look=look, thick=2)


def _trace(*strokes: tuple[Point, Point], look: str, thick: float) -> Mark:
    moves = (f"M{number(a[0])} {number(a[1])}L{number(b[0])} {number(b[1])}" for a, b in strokes)
    return _stroked("path", look, thick, None, d="".join(moves))


def _stroked(name: str, look: str, thick: float, dash: str | None, **attributes: str) -> Mark:
    mark = _element(name, **attributes, **{"class": f"{look}-line"})
    mark.set("stroke-width", number(thick))
    if dash is not None:
        mark.set("stroke-dasharray", dash)
    return mark


def _ends(start: Point, end: Point) -> dict[str, str]:
    names = ("x1", "y1", "x2", "y2")
    return dict(zip(names, (number(each) for each in (*start, *end)), strict=True))


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def _element(name: str, **attributes: str) -> Mark:
    return ET.Element(name, attributes)
