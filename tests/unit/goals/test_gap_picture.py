"""The dot plot of a gap: what it shows, what it says, and that names cannot break it."""

from datetime import date
from typing import Any
from uuid import UUID

from services.goals.gaps.picture import HEADS, DrawnGap, SkillGap, dot_plot, rows
from services.goals.gaps.rules import GapStatus
from tests.unit.drawn import Drawn, assert_sound

LEGEND = ["level", "90 % interval", "required level", "not assessed"]
AXIS = ["0", "1", "2", "3", "4", "5"]


def skill(name: str, status: GapStatus, **facts: Any) -> SkillGap:
    unknown = dict.fromkeys(("as_is", "interval_low", "interval_high", "confidence", "gap"))
    told = {"required": 3.75, "weight": 4.0, "mandatory": False, "blocker": False} | facts
    return SkillGap(skill_id=UUID(int=1), name=name, status=status, **{**unknown, **told})


SHORT = skill(
    "Testing", GapStatus.GAP, as_is=2.5, interval_low=1.5, interval_high=3.5, confidence=0.41,
    gap=1.25, mandatory=True, blocker=True,
)  # fmt: skip
ENOUGH = skill(
    "Reading", GapStatus.EXCEEDS, as_is=4.0, interval_low=3.0, interval_high=5.0, confidence=0.41,
    gap=0.0,
)  # fmt: skip
UNKNOWN = skill("Writing", GapStatus.UNASSESSED, required=1.0, mandatory=True)


def gap(*skills: SkillGap, **facts: Any) -> DrawnGap:
    told = {"readiness": 0.777777778, "readiness_low": 0.603551, "readiness_high": 0.952}
    return DrawnGap(role="Developer", as_of=date(2026, 11, 22), skills=skills, **(told | facts))


def test_a_gap_is_told_in_sentences():
    drawn = Drawn(dot_plot(gap(SHORT, ENOUGH, UNKNOWN)))

    assert drawn.title == "Gap to Developer"
    assert drawn.sentences == [
        "As of 2026-11-22: readiness 78 %, between 60 % and 95 %; 2 of 3 skills assessed.",
        "Testing: level 2.50 (1.50 to 3.50), required 3.75, 1.25 missing, mandatory, blocks the role.",
        "Reading: level 4.00 (3.00 to 5.00), required 3.75, exceeded.",
        "Writing: not assessed, required 1.00, mandatory.",
    ]


def test_a_gap_is_drawn_in_shapes_and_words():
    svg = dot_plot(gap(SHORT, ENOUGH, UNKNOWN))

    drawn = Drawn(svg)
    assert drawn.words == [
        "Gap to Developer", drawn.sentences[0], *AXIS,
        "Testing", "mandatory", "1.25 missing", "blocks the role",
        "Reading", "exceeded",
        "Writing", "mandatory", "not assessed",
        *LEGEND,
    ]  # fmt: skip
    in_legend = 1
    assert drawn.shapes["circle.first"] == 2 + in_legend
    assert drawn.shapes["path.first-line"] == 2 + in_legend
    assert drawn.shapes["polygon.second-line"] == 3 + in_legend
    assert_sound(svg)


def test_a_level_lies_where_the_axis_says():
    drawn = Drawn(dot_plot(gap(SHORT)))

    dot, _ = drawn.all("circle.first")
    bar, _ = drawn.all("path.first-line")
    required, _ = drawn.all("polygon.second-line")
    assert (dot.get("cx"), dot.get("cy")) == ("460.00", "104.00")
    assert "M400.00 104.00L520.00 104.00" in str(bar.get("d"))
    assert str(required.get("points")).startswith("535.00,97.00 ")


def test_an_unassessed_skill_is_a_blank_with_a_name_and_not_a_zero():
    drawn = Drawn(dot_plot(gap(UNKNOWN, readiness=None, readiness_low=None, readiness_high=None)))

    assert (
        drawn.sentences[0] == "As of 2026-11-22: nothing that the role requires has been assessed."
    )
    assert drawn.shapes["circle.first"] == 1, "the legend's alone"
    dashed = [each for each in drawn.all("line.soft-line") if each.get("stroke-dasharray") == "6 4"]
    assert [each.get("y1") for each in dashed] == ["104.00", "170.00"]


def test_a_role_without_skills_says_so():
    svg = dot_plot(gap(readiness=None, readiness_low=None, readiness_high=None))

    assert Drawn(svg).sentences == ["As of 2026-11-22: the role requires no skills."]
    assert_sound(svg)


def test_names_cannot_break_out_nor_run_over_the_plot():
    name = '</desc><script>alert("1")</script>' + "\n" + "x" * 200

    svg = dot_plot(gap(skill(name, GapStatus.UNASSESSED)))

    drawn = Drawn(svg)
    assert drawn.sentences[1].startswith('</desc><script>alert("1")</script> xxx')
    assert drawn.words[8] == '</desc><script>alert("1")</script> xx…'
    assert_sound(svg)


def test_the_same_gap_is_the_same_picture():
    assert dot_plot(gap(SHORT, UNKNOWN)) == dot_plot(gap(SHORT, UNKNOWN))
    assert dot_plot(gap(SHORT, UNKNOWN)) != dot_plot(gap(UNKNOWN, SHORT))


def test_a_table_has_a_row_a_skill_and_leaves_the_unknown_empty():
    first, second = rows(gap(SHORT, UNKNOWN))

    assert dict(zip(HEADS, first, strict=True)) == {
        "skillId": UUID(int=1), "skill": "Testing", "status": "GAP", "asIs": 2.5,
        "intervalLow": 1.5, "intervalHigh": 3.5, "confidence": 0.41, "required": 3.75, "gap": 1.25,
        "weight": 4.0, "mandatory": True, "blocker": True,
    }  # fmt: skip
    assert second[3:7] == (None, None, None, None)
