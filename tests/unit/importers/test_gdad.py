from pathlib import Path

import pytest

from deploy.importers import gdad
from deploy.importers.rows import ReadOptions, Skipped, UnreadableSource
from tests.unit.importers.reading import kinds, of_kind, reasons

SKILLS = """Skill Name,Skill Description,Awareness,Working,Practitioner,Expert,Roles that require Skill
Reading tides,About tides.,You look,You read,You know,You feel,Tide reader
Painting (buoys),About buoys.,,,,,Tide reader
"""
ROLE_LINES = [
    ("Lead tide reader", "Reading tides", "Expert"),
    ("Senior tide reader", "Painting (buoys)", "Awareness"),
    ("Senior tide reader", "Reading tides", "Practitioner"),
    ("Senior tide reader - management", "Reading tides", "Practitioner"),
    ("Tide manager", "Reading tides", "Expert"),
    ("Tide reader", "Reading tides", "Working"),
    ("Tide reader", "Reading tides", "Working"),
    ("Trainee tide reader", "Reading tides", "NOT IN USE"),
    ("Trainee tide reader", "Painting (buoys)", "Awareness"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "skills.csv").write_text(SKILLS, encoding="utf-8-sig")
    lines = [
        f'Sea,Tide reader,What\n"they" do,{title},"Does it,\nwell.",{skill},…,{level},…,'.replace(
            'What\n"they" do', '"What\n""they"" do"'
        )
        for title, skill, level in ROLE_LINES
    ]
    header = (
        "Role Family,Role,Role Description,Role Level,Role Level Description,"
        "Skill Name,Skill Description,Skill Level,Skill Level Description,Role Type"
    )
    (tmp_path / "roles.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return tmp_path


def test_role_levels_are_ordered_by_title_and_requirements(folder):
    roles = of_kind(gdad.read(folder, ReadOptions()), "roles")

    assert [(role["level"], role["title"], role["track"]) for role in roles] == [
        (1, "Trainee tide reader", "INDIVIDUAL_CONTRIBUTOR"),
        (2, "Tide reader", "INDIVIDUAL_CONTRIBUTOR"),
        (3, "Senior tide reader", "INDIVIDUAL_CONTRIBUTOR"),
        (3, "Senior tide reader - management", "MANAGEMENT"),
        (4, "Tide manager", "INDIVIDUAL_CONTRIBUTOR"),
        (5, "Lead tide reader", "INDIVIDUAL_CONTRIBUTOR"),
    ]
    assert roles[2]["code"] == "tide-reader/senior-tide-reader"
    assert roles[2]["requirements"] == [
        {
            "skillCode": "painting-buoys",
            "requiredLevel": 1.25,
            "importance": 3,
            "mandatory": False,
        },
        {"skillCode": "reading-tides", "requiredLevel": 3.75, "importance": 3, "mandatory": False},
    ]


def test_copies_and_lines_not_in_use_are_left_out_with_their_lines(folder):
    skipped = [row for row in gdad.read(folder, ReadOptions()) if isinstance(row, Skipped)]

    assert skipped == [
        Skipped("roles.csv", 20, "an exact copy of an earlier line"),
        Skipped("roles.csv", 23, "its level says NOT IN USE"),
    ]


def test_a_person_corrects_the_order(folder, tmp_path):
    order = tmp_path / "order.csv"
    titles = [
        "Tide reader",
        "Trainee tide reader",
        "Senior tide reader",
        "Senior tide reader - management",
        "Lead tide reader",
        "Tide manager",
    ]
    order.write_text("Role,Role Level\n" + "".join(f"Tide reader,{title}\n" for title in titles))

    roles = of_kind(gdad.read(folder, ReadOptions(order=order)), "roles")

    assert [role["title"] for role in roles] == titles
    assert [role["level"] for role in roles] == [1, 2, 3, 3, 4, 5]


def test_an_order_that_forgets_a_level_is_refused(folder, tmp_path):
    order = tmp_path / "order.csv"
    order.write_text("Role,Role Level\nTide reader,Tide reader\n")

    with pytest.raises(UnreadableSource, match="must name each of its levels once: Lead tide"):
        list(gdad.read(folder, ReadOptions(order=order)))


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(UnreadableSource, match=r"skills\.csv is missing"):
        gdad.read(tmp_path, ReadOptions())


def test_the_official_files_give_every_rung_once(data):
    rows = list(gdad.read(data / "gdad", ReadOptions()))

    assert kinds(rows) == {"frameworks": 1, "skills": 188, "roles": 164}
    assert reasons(rows) == {
        "an exact copy of an earlier line": 16,
        "its level says NOT IN USE": 28,
    }
    known = {skill["code"] for skill in of_kind(rows, "skills")}
    named = {item["skillCode"] for role in of_kind(rows, "roles") for item in role["requirements"]}
    assert (len(known), named <= known) == (188, True)


def test_developer_to_senior_developer_is_exactly_four_one_step_gaps(data):
    required = {
        role["code"]: {item["skillCode"]: item["requiredLevel"] for item in role["requirements"]}
        for role in of_kind(gdad.read(data / "gdad", ReadOptions()), "roles")
    }
    developer = required["software-developer/developer"]
    senior = required["software-developer/senior-developer"]

    steps = {
        code: senior[code] - developer[code] for code in senior if senior[code] != developer[code]
    }

    assert developer.keys() == senior.keys()
    assert steps == {
        "development-process-optimisation": 1.25,
        "service-support": 1.25,
        "systems-design": 1.25,
        "systems-integration": 1.25,
    }


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (
            "Software developer",
            [
                (1, "Apprentice developer"),
                (2, "Junior developer"),
                (3, "Developer"),
                (4, "Senior developer"),
                (4, "Senior developer - management"),
                (5, "Lead developer"),
                (5, "Lead developer - management"),
                (6, "Principal developer"),
                (6, "Principal developer - management"),
            ],
        ),
        (
            "Data scientist",
            [
                (1, "Trainee data scientist"),
                (2, "Associate data scientist"),
                (3, "Data scientist"),
                (4, "Lead data scientist"),
                (5, "Principal data scientist"),
                (6, "Head of data science"),
            ],
        ),
        (
            "Service desk manager",
            [
                (1, "Service desk analyst"),
                (2, "Senior service desk analyst"),
                (3, "Service desk manager"),
                (4, "Head of service desk"),
            ],
        ),
    ],
)
def test_the_official_ladders_stand_in_order(data, role, titles):
    ladders, _ = gdad.read_ladders(data / "gdad" / "roles.csv")

    assert [(level, rung.title) for level, rung in gdad.in_order(ladders[role])] == titles
