"""The heat map of a unit: density, numbers, and cells that tell nothing."""

from services.goals.gaps.heat_map_picture import Cell, DrawnHeatMap, SkillLine, heat_map
from tests.unit.drawn import Drawn, assert_sound

WITHHELD = Cell(suppressed=True)
WHY = "Withheld: fewer than 5 people, or the others would tell of fewer than 5."
LEGEND = ["covered: the denser the more", WHY]


def cell(coverage: float | None, mean_gap: float | None, people: int = 12) -> Cell:
    share = 1.0 if coverage is None else 0.25
    return Cell(False, people, coverage, mean_gap, share)


def drawn_map(*skills: SkillLine) -> DrawnHeatMap:
    return DrawnHeatMap("Makers", 5, ["Makers", "Research and development"], skills)


def lines_in(drawn: Drawn) -> list[int]:
    """How many upright lines each field has; the legend's comes last."""
    return [str(each.get("d")).count("M") for each in drawn.all("path.first-line")]


def test_a_heat_map_is_told_in_sentences():
    testing = SkillLine("Testing", [cell(0.8, 0.4), WITHHELD])
    writing = SkillLine("Writing", [cell(None, None, 7), None])

    drawn = Drawn(heat_map(drawn_map(testing, writing)))

    assert drawn.title == "Skills in Makers"
    assert drawn.sentences == [
        "2 skills in 2 units; withheld cells: 1.",
        WHY,
        "Testing, Makers: 80 % covered, mean gap 0.40, asked of 12 people, 25 % not assessed.",
        "Testing, Research and development: withheld.",
        "Writing, Makers: asked of 7 people, nobody assessed.",
        "Writing, Research and development: not asked for.",
    ]


def test_a_cell_has_its_numbers():
    svg = heat_map(drawn_map(SkillLine("Testing", [cell(0.8, 0.4), cell(None, None)])))

    drawn = Drawn(svg)
    assert drawn.words == [
        "Skills in Makers", drawn.sentences[0], "Makers", "Research and", "development",
        "Testing", "12 people", "80 %", "gap 0.40", "12 people", "not assessed", *LEGEND,
    ]  # fmt: skip
    assert_sound(svg)


def test_the_more_is_covered_the_denser_are_the_lines():
    shares = (0.0, 0.04, 0.3, 0.96, 1.0)
    line = SkillLine("Testing", [cell(share, 0.0) for share in shares])

    svg = heat_map(DrawnHeatMap("Makers", 5, [f"Unit {share}" for share in shares], [line]))

    assert lines_in(Drawn(svg)) == [0, 0, 3, 10, 10, 10]
    assert_sound(svg)


def test_a_withheld_cell_tells_nothing_whatever_is_in_it():
    full = Cell(True, people=3, coverage=0.3333, mean_gap=1.23, unassessed_share=0.5)
    empty = heat_map(drawn_map(SkillLine("Testing", [cell(0.8, 0.4), WITHHELD])))

    assert heat_map(drawn_map(SkillLine("Testing", [cell(0.8, 0.4), full]))) == empty
    assert lines_in(Drawn(empty)) == [8, 10], "the other cell's and the legend's"
    dashed = [each.get("stroke-dasharray") for each in Drawn(empty).all("polygon.soft-line")]
    assert dashed == [None, "6 4"]


def test_a_unit_that_asks_for_nothing_says_so():
    svg = heat_map(DrawnHeatMap("Makers", 5, ["Makers"], []))

    assert Drawn(svg).sentences == ["No role in this unit asks for a skill."]
    assert_sound(svg)


def test_names_of_units_and_skills_stay_text():
    name = "<script>alert(1)</script> & so on"

    svg = heat_map(DrawnHeatMap(name, 5, [name], [SkillLine(name, [cell(1.0, 0.0)])]))

    drawn = Drawn(svg)
    assert drawn.title == f"Skills in {name}"
    assert drawn.sentences[1].startswith(f"{name}, {name}: 100 % covered")
    assert_sound(svg)
