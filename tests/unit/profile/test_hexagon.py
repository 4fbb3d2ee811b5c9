"""Interests as a hexagon: its shape, its sentences, and areas without a score."""

from dataclasses import replace

from services.profile.assessments.hexagon import Interests, hexagon
from tests.unit.drawn import Drawn, assert_sound

NAMES = {
    "R": "Realistic",
    "I": "Investigative",
    "A": "Artistic",
    "S": "Social",
    "E": "Enterprising",
    "C": "Conventional",
}
INTERESTS = Interests(
    title="Interests in 60 activities",
    scores={"R": 30, "I": 50, "A": 20.5, "S": 30, "E": 10, "C": 40},
    names=NAMES,
    low=10,
    high=50,
    code="IC(RS)",
    note="Not yet normed: raw scores and their order only.",
)


def test_interests_are_told_in_sentences_the_strongest_first():
    drawn = Drawn(hexagon(INTERESTS))

    assert drawn.title == "Interests in 60 activities"
    assert drawn.sentences == [
        "Code IC(RS).",
        "Scores from 10 to 50, the highest first.",
        "Investigative (I): 50.",
        "Conventional (C): 40.",
        "Realistic (R): 30.",
        "Social (S): 30.",
        "Artistic (A): 20.5.",
        "Enterprising (E): 10.",
        "Not yet normed: raw scores and their order only.",
    ]


def test_each_score_lies_on_its_way_from_the_centre_to_its_corner():
    svg = hexagon(INTERESTS)

    drawn = Drawn(svg)
    places = [(each.get("cx"), each.get("cy")) for each in drawn.all("circle.first")]
    assert places == [
        ("318.75", "194.55"),
        ("442.50", "123.11"),
        ("403.31", "266.00"),
        ("401.25", "337.45"),
        ("360.00", "266.00"),
        ("236.25", "266.00"),
    ]
    (profile,) = drawn.all("polygon.first-line")
    assert profile.get("points") == " ".join(f"{x},{y}" for x, y in places)
    assert drawn.shapes["polygon.soft-line"] == 5
    assert_sound(svg)


def test_each_corner_has_its_name_and_score_and_the_strongest_stand_out():
    drawn = Drawn(hexagon(INTERESTS))

    assert drawn.words == [
        "Interests in 60 activities", "Code IC(RS); 10 at the centre, 50 at the corners",
        "R Realistic", "30", "I Investigative", "50", "A Artistic", "20.5",
        "S Social", "30", "E Enterprising", "10", "C Conventional", "40",
        "Not yet normed: raw scores and their order only.",
    ]  # fmt: skip
    bold = [str(each.text)[0] for each in drawn.all("text.ink") if each.get("font-weight")]
    assert bold == ["I", "R", "I", "S", "C"], "the title, then the areas of the code"


def test_an_area_without_a_score_is_not_the_least_one():
    svg = hexagon(replace(INTERESTS, scores={**INTERESTS.scores, "E": None}, code=None, note=None))

    drawn = Drawn(svg)
    assert drawn.sentences[-1] == "Enterprising (E): no score."
    assert (drawn.shapes["circle.first"], drawn.all("polygon.first-line")) == (5, [])
    assert drawn.words[drawn.words.index("E Enterprising") + 1] == "no score"
    assert_sound(svg)


def test_titles_and_names_that_others_wrote_stay_text():
    hostile = "<script>alert(1)</script> & more of it, on and on and on, for as long as it takes"

    svg = hexagon(replace(INTERESTS, title=hostile, note=hostile, names={**NAMES, "R": hostile}))

    drawn = Drawn(svg)
    assert drawn.title == hostile
    assert f"{hostile} (R): 30." in drawn.sentences
    assert "R <script>alert(1)</scr…" in drawn.words
    assert_sound(svg)


def test_the_same_interests_are_the_same_picture():
    assert hexagon(INTERESTS) == hexagon(replace(INTERESTS))
    assert hexagon(INTERESTS) != hexagon(replace(INTERESTS, high=60))
