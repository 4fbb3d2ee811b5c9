"""Pictures: escaped, alike, legible on either paper, and told in words."""

import pytest

from shared import drawing
from shared.drawing import COLOURS, PAPER, Scale
from tests.unit.drawn import Drawn, assert_sound

HOSTILE = "</text><script>alert(1)</script>&\"'\x00\ud800 ]]>\u202egnp.exe"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("paper", [0, 1])
@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_stands_out_from_its_paper(name: str, paper: int):
    one, other = sorted((luminance(COLOURS[name][paper]), luminance(PAPER[paper])))

    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_what_users_wrote_stays_text():
    svg = drawing.picture(HOSTILE, [HOSTILE], [drawing.text(5, 20, HOSTILE)], width=100, height=40)

    drawn = Drawn(svg)
    harmless = "</text><script>alert(1)</script>&\"'\ufffd\ufffd ]]>gnp.exe"
    assert (drawn.title, drawn.sentences, drawn.words) == (harmless, [harmless], [harmless])
    assert "<script" not in svg
    assert svg.encode() == svg.encode("utf-8", "strict")
    assert_sound(svg)


def test_the_same_marks_make_the_same_text_and_others_another_key():
    def drawn(y: float) -> str:
        return drawing.picture("T", ["D."], [drawing.dot(5, y, look="first")], width=10, height=10)

    assert drawn(5) == drawn(5)
    assert Drawn(drawn(5)).root.get("id") != Drawn(drawn(6)).root.get("id")


def test_a_small_picture_reads_like_this():
    svg = drawing.picture("T", ["One.", "Two."], [drawing.text(1, 2, "a")], width=9, height=8)

    key = Drawn(svg).root.get("id")
    start, end = svg.index("<style>"), svg.index("</style>")
    assert svg[:start] + svg[end:] == (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{key}" role="img" viewBox="0 0 9.00 8.00"'
        f' width="9.00" height="8.00" lang="en" aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">T</title><desc id="{key}-desc">One.\nTwo.</desc></style>'
        '<rect x="0.00" y="0.00" width="9.00" height="8.00" class="paper" />'
        '<text x="1.00" y="2.00" class="ink" font-size="13" text-anchor="start">a</text></svg>'
    )
    assert "@media (prefers-color-scheme:dark)" in svg[start:end]
    assert svg[start:end].count(f"#{key} ") == 1 + 2 * (1 + 2 * len(COLOURS))


@pytest.mark.parametrize(
    ("value", "written"), [(1, "1.00"), (2.345678, "2.35"), (-0.001, "0.00"), (-1.5, "-1.50")]
)
def test_numbers_have_two_decimals(value: float, written: str):
    assert drawing.number(value) == written


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("Ten signs!", "Ten signs!"),
        ("Eleven sign", "Eleven si…"),
        ("A word and more", "A word an…"),
        ("Eight in  \n two", "Eight in…"),
        ("日本語の技能", "日本語の…"),
        ("", ""),
    ],
)
def test_long_words_are_cut_to_their_width(words: str, short: str):
    assert drawing.shortened(words, 10) == short


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Sales", ["Sales"]),
        ("Research and development", ["Research", "and…"]),
        ("Donaudampfschifffahrt", ["Donaudampf", "…"]),
        ("日本語の技能と知識", ["日本語の…"]),
        ("", []),
    ],
)
def test_words_break_into_lines_of_a_width(words: str, lines: list[str]):
    assert drawing.in_lines(words, 10, lines=2) == lines


def test_a_scale_ends_at_its_ends():
    scale = Scale(0, 5, 100, 200)

    assert [scale.at(value) for value in (-1, 0, 2.5, 5, 9)] == [100, 100, 150, 200, 200]


def test_shapes_differ_without_colour():
    marks = [
        drawing.dot(50, 50, look="first"),
        drawing.ring(50, 50, look="first"),
        drawing.diamond(50, 50, look="first"),
        drawing.interval(40, 60, 50, look="first"),
        drawing.upright_interval(50, 40, 60, look="first"),
        drawing.line((1, 2), (3, 4), dash=drawing.DASHED),
        drawing.path([(1, 2), (3, 4)], look="second"),
        drawing.hatching((0, 0), 40, 10, lines=2),
    ]

    svg = drawing.picture("T", ["D."], marks, width=100, height=100)

    assert dict(Drawn(svg).shapes) == {
        "circle.first": 1,
        "circle.first-line": 1,
        "polygon.first-line": 1,
        "path.first-line": 3,
        "line.soft-line": 1,
        "polyline.second-line": 1,
    }
    assert Drawn(svg).all("path.first-line")[2].get("d") == (
        "M10.00 0.00L10.00 10.00M30.00 0.00L30.00 10.00"
    )
    assert_sound(svg)


def test_no_lines_leave_a_field_blank():
    assert drawing.hatching((0, 0), 40, 10, lines=0).get("d") == ""
