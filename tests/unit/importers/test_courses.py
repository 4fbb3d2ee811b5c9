import pytest

from deploy.importers import courses
from deploy.importers.rows import ReadOptions, UnreadableSource
from tests.unit.importers.reading import kinds, of_kind, reasons


def test_a_table_of_courses_with_skills_sends_the_starter_framework_first(tmp_path):
    path = tmp_path / "courses.csv"
    path.write_text(
        "Provider,Code,Title,Type,URL,Hours,Price,Currency,Skills\n"
        "Sea School,S1,Tides,workshop,https://example.org/s1,6,120.50,eur,coding:0.5; testing:1\n"
    )

    rows = list(courses.read(path, ReadOptions()))

    assert kinds(rows) == {"frameworks": 1, "skills": 99, "courses": 1}
    assert of_kind(rows, "courses") == [
        {
            "provider": "Sea School",
            "code": "S1",
            "title": "Tides",
            "type": "WORKSHOP",
            "url": "https://example.org/s1",
            "hours": 6.0,
            "cost": 120.5,
            "currency": "EUR",
            "skills": [
                {"skillCode": "coding", "expectedDelta": 0.5},
                {"skillCode": "testing", "expectedDelta": 1.0},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("duration", "effort", "hours"),
    [
        ("10 weeks", "10 hours/week", 100.0),
        ("6 weeks", "8-10 hours/week", 54.0),
        ("10-12 weeks", "6-10 hours/week", 88.0),
        ("6 months", "5 hours/week", 130.0),
        ("12 weeks", "-", None),
        ("-", "-", None),
    ],
)
def test_hours_follow_from_duration_and_effort(tmp_path, duration, effort, hours):
    path = tmp_path / "courses.tsv"
    path.write_text(f"provider\tcourse\tduration\teffort\nSea\tTides\t{duration}\t{effort}\n")

    course = of_kind(courses.read(path, ReadOptions()), "courses")[0]

    assert course.get("hours") == hours


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Sea,,,", "the course has no title: fill in the column"),
        (",Tides,,", "the course has no provider: fill in the column"),
        ("Sea,Tides,many,", "hours is not a number like 12.5"),
        ("Sea,Tides,,coding", "the skill 'coding' cannot be read: give its delta as code:0.5"),
        ("Sea,Tides,,coding:x", "the skill 'coding:x' cannot be read: write code:delta"),
        ("Sea,Buoys,,", "its code stands already in line 2: give each course its own"),
    ],
)
def test_a_line_that_makes_no_course_is_left_out_with_the_reason(tmp_path, line, reason):
    path = tmp_path / "courses.csv"
    path.write_text(f"provider,title,hours,skills\nSea,Buoys,1,\n{line}\n")

    rows = list(courses.read(path, ReadOptions()))

    assert reasons(rows) == {reason: 1}
    assert len(of_kind(rows, "courses")) == 1


def test_a_file_without_a_provider_names_the_fix(tmp_path):
    path = tmp_path / "courses.csv"
    path.write_text("title\nTides\n")

    with pytest.raises(UnreadableSource, match="name the provider with --provider"):
        courses.read(path, ReadOptions())
    assert kinds(courses.read(path, ReadOptions(provider="Sea"))) == {"courses": 1}


def test_the_ossu_curriculum_is_read_as_it_is(data):
    rows = list(courses.read(data / "learning" / "courses.tsv", ReadOptions()))

    found = of_kind(rows, "courses")
    assert kinds(rows) == {"courses": 69}
    assert len([course for course in found if "hours" not in course]) == 3
    assert sum(course.get("hours", 0) for course in found) == 4082.5
    assert {course["provider"] for course in found} == {"OSSU"}
