import pytest

from deploy.importers import skill_tests
from deploy.importers.rows import ReadOptions, UnreadableSource
from tests.unit.importers.reading import of_kind, reasons

HEADER = "Employee ID,Framework,Skill,Publisher,ID,Test,Score,Min,Max,Passed,Date,Valid until\n"


def _rows(tmp_path, *lines, header=HEADER, **options):
    path = tmp_path / "tests.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines))
    return list(skill_tests.read(path, ReadOptions(**options)))


def test_a_line_is_a_score_on_its_own_scale(tmp_path):
    rows = _rows(
        tmp_path,
        "E1,house,coding,Sea School,R-1,Python II,640,200,800,yes,2026-03-01,2028-03-01",
        "E2,house,coding,Sea School,R-2,Python II,0,,800,no,2026-03-01,",
        system="workday",
    )

    assert of_kind(rows, "skill-tests") == [
        {
            "system": "workday",
            "key": "E1",
            "frameworkKey": "house",
            "skillCode": "coding",
            "externalId": "R-1",
            "test": "Python II",
            "publisher": "Sea School",
            "score": {"raw": 640.0, "min": 200.0, "max": 800.0},
            "success": True,
            "takenOn": "2026-03-01",
            "expiresOn": "2028-03-01",
        },
        {
            "system": "workday",
            "key": "E2",
            "frameworkKey": "house",
            "skillCode": "coding",
            "externalId": "R-2",
            "test": "Python II",
            "publisher": "Sea School",
            "score": {"raw": 0.0, "max": 800.0},
            "success": False,
            "takenOn": "2026-03-01",
        },
    ]
    assert [row.key for row in rows] == ["R-1", "R-2"]


def test_the_publisher_of_all_lines_may_be_named(tmp_path):
    header = "key,framework,skill,id,test,score,max,date\n"
    line = "E1,house,coding,R-1,Python II,6,8,2026-03-01"

    (row,) = of_kind(_rows(tmp_path, line, header=header, provider="Sea School"), "skill-tests")

    assert row["publisher"] == "Sea School"
    with pytest.raises(UnreadableSource, match="no column for 'publisher'"):
        _rows(tmp_path, line, header=header)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",house,coding,S,R,T,1,0,2,,2026-03-01,", "the result has no key: fill in the column"),
        ("E,house,coding,S,R,T,,0,2,,2026-03-01,", "the result has no score: fill in the column"),
        ("E,house,coding,S,R,T,A+,0,2,,2026-03-01,", "score is not a number like 12.5"),
        ("E,house,coding,S,R,T,1,0,2,maybe,2026-03-01,", "success is neither yes nor no"),
        ("E,house,coding,S,R,T,1,0,2,,March,", "takenOn is not a date like 2025-03-31"),
    ],
)
def test_what_cannot_be_read_is_left_out_with_its_reason(tmp_path, line, reason):
    assert reasons(_rows(tmp_path, line)) == {reason: 1}


def test_a_result_of_a_skill_stands_once_in_a_file(tmp_path):
    line = "E,house,coding,S,R,T,1,0,2,,2026-03-01,"

    rows = _rows(tmp_path, line, line.replace("coding", "testing"), line)

    assert len(of_kind(rows, "skill-tests")) == 2
    assert reasons(rows) == {"its result of this skill stands already in line 2": 1}
