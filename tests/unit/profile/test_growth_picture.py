"""Growth as small plots: what each shows and says."""

from datetime import date

from services.profile.skills.growth_picture import Growth, Known, SkillGrowth, small_multiples
from tests.unit.drawn import Drawn, assert_sound

JANUARY, MAY, NOVEMBER = date(2026, 1, 1), date(2026, 5, 1), date(2026, 11, 22)
LEGEND = ["first known level", "later level", "90 % interval"]
SCALE = ["0", "1", "2", "3", "4", "5", "2026-01-01", "2026-11-22"]

UP = SkillGrowth(
    "Testing",
    [Known(JANUARY, 1.0, 0.5, 1.5), Known(MAY, 2.0, 1.0, 3.0), Known(NOVEMBER, 3.0, 2.5, 3.5)],
)
DOWN = SkillGrowth("Reading", [Known(JANUARY, 3.0, 2.0, 4.0), Known(NOVEMBER, 2.5, 1.5, 3.5)])
LEVEL = SkillGrowth("Writing", [Known(JANUARY, 3.0, 2.0, 4.0), Known(NOVEMBER, 3.0, 2.9, 3.1)])
NEW = SkillGrowth("Speaking", [Known(NOVEMBER, 2.0, 1.0, 3.0)])
NOTHING = SkillGrowth("Singing", [])


def growth(*skills: SkillGrowth) -> Growth:
    return Growth(JANUARY, NOVEMBER, skills)


def test_growth_is_told_in_sentences():
    drawn = Drawn(small_multiples(growth(UP, DOWN, LEVEL, NEW, NOTHING)))

    assert drawn.title == "Growth from 2026-01-01 to 2026-11-22"
    assert drawn.sentences == [
        "Of 5 skills 1 went up, 1 went down, 1 for certain.",
        "Testing: 1.00 (0.50 to 1.50) on 2026-01-01, 2.00 (1.00 to 3.00) on 2026-05-01,"
        " 3.00 (2.50 to 3.50) on 2026-11-22, up 2.00, certain.",
        "Reading: 3.00 (2.00 to 4.00) on 2026-01-01, 2.50 (1.50 to 3.50) on 2026-11-22,"
        " down 0.50, uncertain.",
        "Writing: 3.00 (2.00 to 4.00) on 2026-01-01, 3.00 (2.90 to 3.10) on 2026-11-22, unchanged.",
        "Speaking: 2.00 (1.00 to 3.00) on 2026-11-22, one level is known.",
        "Singing: no level is known.",
    ]


def test_each_skill_has_its_plot_over_the_same_days_and_levels():
    svg = small_multiples(growth(UP, NEW))

    drawn = Drawn(svg)
    assert drawn.words == [
        drawn.title, drawn.sentences[0],
        "Testing", "up 2.00, certain", *SCALE,
        "Speaking", "one level is known", *SCALE,
        *LEGEND,
    ]  # fmt: skip
    in_legend = 1
    assert drawn.shapes["circle.first-line"] == 2 + in_legend, "a ring for each first level"
    assert drawn.shapes["circle.first"] == 2 + in_legend, "a dot for each later one"
    assert drawn.shapes["path.first-line"] == 4 + in_legend
    assert drawn.shapes["polyline.first-line"] == 1, "one level draws no line"
    assert_sound(svg)


def test_days_and_levels_lie_where_the_axes_say():
    (line,) = Drawn(small_multiples(growth(UP))).all("polyline.first-line")

    assert line.get("points") == "44.00,199.20 116.37,178.40 240.00,157.60"


def test_the_fourth_plot_stands_below_the_first():
    svg = small_multiples(growth(UP, DOWN, LEVEL, NEW))

    named = {str(each.text): each for each in Drawn(svg).all("text.ink")}
    assert [named[name].get("x") for name in ("Testing", "Reading", "Speaking")] == [
        "16.00", "268.00", "16.00",
    ]  # fmt: skip
    assert [named[name].get("y") for name in ("Testing", "Speaking")] == ["84.00", "268.00"]
    assert_sound(svg)


def test_one_day_alone_can_be_drawn():
    assert_sound(small_multiples(Growth(NOVEMBER, NOVEMBER, [NEW])))


def test_no_skills_say_so():
    assert Drawn(small_multiples(growth())).sentences == [
        "Nothing is known of any skill in these days."
    ]


def test_names_stay_text():
    name = "</svg><script>alert(1)</script>" * 3

    svg = small_multiples(growth(SkillGrowth(name, [])))

    assert Drawn(svg).sentences[1] == f"{name}: no level is known."
    assert_sound(svg)


def test_the_same_growth_is_the_same_picture():
    assert small_multiples(growth(UP, NEW)) == small_multiples(growth(UP, NEW))
    assert small_multiples(growth(UP, NEW)) != small_multiples(growth(NEW, UP))
