from pathlib import Path

import pytest

from deploy.importers import onet
from deploy.importers.onet_tables import Release
from deploy.importers.rows import ReadOptions, Row, UnreadableSource
from tests.unit.importers.onet_files import write_release
from tests.unit.importers.reading import kinds, of_kind, reasons


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "onet")


def test_occupations_become_roles_with_the_ratings_that_may_be_used(release):
    rows = list(onet.read(release, ReadOptions()))

    reader, painter = of_kind(rows, "roles")
    assert kinds(rows) == {
        "frameworks": 1,
        "skills": 2,
        "roles": 2,
        "occupation-interests": 1,
        "occupation-values": 1,
    }
    assert reader == {
        "catalogue": "onet",
        "code": "15-0001.00",
        "family": "Computer and Mathematical",
        "title": "Tide Readers",
        "level": 4,
        "track": None,
        "description": 'Read tides, "spring" ones too.',
        "onetSocCode": "15-0001.00",
        "requirements": [
            {"skillCode": "2.A.1.a", "requiredLevel": 2.5, "importance": 4.12, "mandatory": False}
        ],
        "experience": [],
        "credentials": [],
    }
    assert painter["level"] is None
    assert painter["description"] == "Paint buoys."
    assert painter["requirements"] == [
        {"skillCode": "2.C.1.a", "requiredLevel": 5.0, "importance": 3.0, "mandatory": False}
    ]


def test_what_is_left_out_is_counted_with_its_reason(release):
    assert reasons(onet.read(release, ReadOptions())) == {
        "its level is marked Not Relevant": 1,
        "its value is marked Recommend Suppress": 1,
        "the occupation has no ratings of skills or knowledge": 1,
        "the occupation has no interests": 1,
        "an occupation's interests lack one of the six areas": 1,
        "the occupation has no work values": 1,
        "an occupation's work values lack one of the six": 1,
    }


def test_an_occupation_with_all_six_interests_becomes_a_line_after_the_roles(release):
    rows = [row for row in onet.read(release, ReadOptions()) if isinstance(row, Row)]

    assert (rows[-2].kind, rows[-2].key) == ("occupation-interests", "15-0001.00")
    assert (rows[-2].file, rows[-2].line) == ("Interests.txt", 2)
    assert rows[-2].fields == {
        "onetSocCode": "15-0001.00",
        "title": "Tide Readers",
        "realistic": 2.5,
        "investigative": 6.1,
        "artistic": 1.5,
        "social": 2.0,
        "enterprising": 3.25,
        "conventional": 4.0,
    }


def test_an_occupation_with_all_six_work_values_becomes_the_last_line(release):
    *_, last = [row for row in onet.read(release, ReadOptions()) if isinstance(row, Row)]

    assert (last.kind, last.key) == ("occupation-values", "15-0001.00")
    assert (last.file, last.line) == ("Work Values.txt", 2)
    assert last.fields == {
        "onetSocCode": "15-0001.00",
        "title": "Tide Readers",
        "achievement": 5.0,
        "workingConditions": 5.0,
        "recognition": 4.33,
        "relationships": 2.0,
        "support": 3.0,
        "independence": 4.0,
    }


def test_a_skill_is_aligned_with_its_element_and_the_framework_names_the_licence(release):
    rows = list(onet.read(release, ReadOptions()))

    assert of_kind(rows, "skills")[0] == {
        "frameworkKey": "onet",
        "code": "2.A.1.a",
        "statement": "Reading",
        "description": 'Reads "well" and often.',
        "type": "BEHAVIOURAL",
        "alignments": [{"uri": "urn:onet:element:2.A.1.a", "type": "exactMatch"}],
    }
    framework = of_kind(rows, "frameworks")[0]
    assert framework["version"] == "29.3"
    assert framework["licence"].startswith("This product includes information from the O*NET 29.3")
    assert [step["value"] for step in framework["scale"]["levels"]] == [
        0.0,
        0.7143,
        1.4286,
        2.1429,
        2.8571,
        3.5714,
        4.2857,
        5.0,
    ]


def test_a_missing_table_is_named_before_anything_is_read(release):
    (release / "Work Values.txt").unlink()

    with pytest.raises(UnreadableSource, match=r"lacks Work Values\.txt of O\*NET 29\.3"):
        onet.read(release, ReadOptions())


def test_a_renamed_column_is_named(release):
    skills = release / "Skills.txt"
    skills.write_text(skills.read_text().replace("Not Relevant", "Irrelevant"))

    with pytest.raises(UnreadableSource, match=r"Skills\.txt has no column 'Not Relevant'"):
        onet.read(release, ReadOptions())


def test_a_release_with_another_layout_is_refused(release):
    with pytest.raises(UnreadableSource, match=r"O\*NET 30\.3 has files that are not known here"):
        onet.read(release, ReadOptions(version="30.3"))


def test_the_folder_of_the_download_tells_the_release(tmp_path):
    release = Release.of_folder(write_release(tmp_path / "db_29_1_text"), None)

    assert release.version == "29.1"


@pytest.mark.parametrize("table", ["Interests.txt", "Work Values.txt"])
def test_a_high_point_that_is_not_the_highest_score_stops_the_import(release, table):
    path = release / table
    path.write_text(
        path.read_text()
        .replace("\t6.1", "\t1.1")
        .replace(
            "EX\t5\n15-0001.00\t1.B.2.b\tWorking Conditions\tEX\t5",
            "EX\t5\n15-0001.00\t1.B.2.b\tWorking Conditions\tEX\t4",
        )
    )

    with pytest.raises(UnreadableSource, match=r"1 of 1 occupations.*15-0001\.00"):
        onet.read(release, ReadOptions())


def test_a_value_that_is_no_number_is_named_with_its_line(release):
    path = release / "Knowledge.txt"
    path.write_text(path.read_text().replace("IM\t5\t", "IM\tfive\t"))

    with pytest.raises(UnreadableSource, match=r"Knowledge\.txt, line 2: the Data Value 'five'"):
        list(onet.read(release, ReadOptions()))


def test_the_official_release_gives_879_occupations(data):
    rows = list(onet.read(data / "onet", ReadOptions()))

    roles = of_kind(rows, "roles")
    assert kinds(rows) == {
        "frameworks": 1,
        "skills": 68,
        "roles": 879,
        "occupation-interests": 923,
        "occupation-values": 874,
    }
    assert reasons(rows) == {
        "its level is marked Not Relevant": 9241,
        "its value is marked Recommend Suppress": 1188,
        "the occupation has no ratings of skills or knowledge": 137,
        "the occupation has no interests": 93,
        "the occupation has no work values": 142,
    }
    assert sum(len(role["requirements"]) for role in roles) == 49361
    programmers = next(role for role in roles if role["onetSocCode"] == "15-1251.00")
    assert (programmers["title"], programmers["family"], programmers["level"]) == (
        "Computer Programmers",
        "Computer and Mathematical",
        4,
    )


@pytest.mark.parametrize(
    ("table", "first", "count"), [("interests", "1.B.1.g", 923), ("work_values", "1.B.2.g", 874)]
)
def test_the_official_release_has_high_points_to_check(data, table, first, count):
    release = Release.of_folder(data / "onet", None)

    found = [cells for _, cells in release.records(table) if cells["Element ID"] == first]

    assert len(found) == count
