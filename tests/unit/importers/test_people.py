import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from deploy.importers import people
from deploy.importers.rows import ReadOptions, UnreadableSource
from tests.unit.importers.reading import kinds, of_kind, reasons

HEADER = [
    "Employee ID",
    "First name",
    "Last name",
    "Work e-mail",
    "Manager email",
    "Job title",
    "Hire date",
    "Status",
    "Division",
    "Team",
]
LINES = [
    ["7", "Ada", "Moss", "ada@example.org", "", "Head", "2020-02-01", "Active", "Sea", ""],
    ["8", "Bo", "Reed", "bo@example.org", "ADA@example.org", "Reader", "2024-05-13", "On leave", "Sea", "Tide"],
]  # fmt: skip
ATTRITION = {
    "columns": {
        "key": "rownames",
        "displayName": "Employee {rownames}",
        "roleTitle": "JobRole",
        "department": "Department",
        "level": "JobLevel",
        "status": "Attrition",
    },
    "values": {"status": {"Yes": "TERMINATED", "No": "ACTIVE"}},
}


def as_csv(path: Path, delimiter: str = ",") -> Path:
    path.write_text("\n".join(delimiter.join(line) for line in [HEADER, *LINES]) + "\n")
    return path


def as_xlsx(path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(HEADER)
    for line in LINES:
        key, *rest = line
        dated = [
            datetime.fromisoformat(cell) if "-" in cell and cell[:2] == "20" else cell
            for cell in rest
        ]
        sheet.append([int(key), *dated])
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: as_csv(folder / "people.csv"),
        lambda folder: as_csv(folder / "people.csv", ";"),
        lambda folder: as_csv(folder / "people.tsv", "\t"),
        lambda folder: as_xlsx(folder / "people.xlsx"),
    ],
    ids=["comma", "semicolon", "tab", "workbook"],
)
def test_a_table_gives_org_units_and_people(tmp_path, write):
    rows = list(people.read(write(tmp_path), ReadOptions(system="payroll")))

    assert of_kind(rows, "org-units") == [
        {"system": "payroll", "key": "sea", "name": "Sea", "type": "DIVISION"},
        {
            "system": "payroll",
            "key": "sea/tide",
            "name": "Tide",
            "type": "TEAM",
            "parentKey": "sea",
        },
    ]
    assert of_kind(rows, "people")[1] == {
        "system": "payroll",
        "key": "8",
        "displayName": "Bo Reed",
        "workEmail": "bo@example.org",
        "roleTitle": "Reader",
        "status": "ON_LEAVE",
        "hireDate": "2024-05-13",
        "managerKey": "7",
        "orgUnitKey": "sea/tide",
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",Cy,,,,,,,,", "the person has no key: fill in the column"),
        ("9,,,,,,,,,", "the person has no name: fill in the column"),
        ("9,Cy,,,x@example.org,,,,,", "the manager's e-mail belongs to nobody in this file"),
        ("9,Cy,,,,,13/05/2024,,,", "hireDate is not a date like 2025-03-31"),
        ("7,Cy,,,,,,,,", "its key stands already in line 2: give each person their own"),
    ],
)
def test_a_line_that_makes_no_person_is_left_out_with_the_reason(tmp_path, line, reason):
    path = as_csv(tmp_path / "people.csv")
    path.write_text(path.read_text() + line + "\n")

    rows = list(people.read(path, ReadOptions()))

    assert reasons(rows) == {reason: 1}
    assert kinds(rows)["people"] == 2


def test_a_file_without_a_key_column_names_the_field_and_the_fix(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Number,Name\n1,Ada\n")

    with pytest.raises(UnreadableSource, match="no column for 'key': rename one to 'Employee ID'"):
        people.read(path, ReadOptions())


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"columns": {"key": "Nr"}}, "maps 'key' to 'Nr', which is no column of people.csv"),
        ({"columns": {"shoeSize": "Number"}}, "maps the unknown field 'shoeSize'"),
        ({}, 'needs "columns"'),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path, mapping, sentence):
    path, mapping_file = tmp_path / "people.csv", tmp_path / "mapping.json"
    path.write_text("Number,Name\n1,Ada\n")
    mapping_file.write_text(json.dumps(mapping))

    with pytest.raises(UnreadableSource, match=sentence):
        people.read(path, ReadOptions(mapping=mapping_file))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("key,name\n1,Zoë\n".encode("latin-1"))

    with pytest.raises(UnreadableSource, match="is not UTF-8"):
        list(people.read(path, ReadOptions()))


def test_the_attrition_file_is_read_with_a_mapping(data, tmp_path):
    mapping = tmp_path / "attrition.json"
    mapping.write_text(json.dumps(ATTRITION))

    rows = list(people.read(data / "people" / "attrition.csv", ReadOptions(mapping=mapping)))

    assert kinds(rows) == {"org-units": 3, "people": 1470}
    assert of_kind(rows, "people")[0] == {
        "system": "hris",
        "key": "1",
        "displayName": "Employee 1",
        "roleTitle": "Sales_Executive",
        "level": "2",
        "status": "TERMINATED",
        "orgUnitKey": "sales",
    }
