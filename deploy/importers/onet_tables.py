"""O*NET's files: which table is called what in which release, how a line is quoted, what must hold."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.importers.rows import UnreadableSource

DEFAULT_VERSION: Final = "29.3"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's file name and the columns that are read from it."""

    file: str
    columns: tuple[str, ...]


_RATING: Final = (
    "O*NET-SOC Code",
    "Element ID",
    "Element Name",
    "Scale ID",
    "Data Value",
)
_FLAGGED: Final = (*_RATING, "Recommend Suppress", "Not Relevant")
_RELEASE_29: Final = {
    "occupations": Table("Occupation Data.txt", ("O*NET-SOC Code", "Title", "Description")),
    "content_model": Table(
        "Content Model Reference.txt", ("Element ID", "Element Name", "Description")
    ),
    "skills": Table("Skills.txt", _FLAGGED),
    "knowledge": Table("Knowledge.txt", _FLAGGED),
    "job_zones": Table("Job Zones.txt", ("O*NET-SOC Code", "Job Zone")),
    "interests": Table("Interests.txt", _RATING),
    "work_values": Table("Work Values.txt", _RATING),
}
# Releases differ in what their files are called: a new layout is one more entry here.
LAYOUTS: Final[Mapping[int, Mapping[str, Table]]] = {29: _RELEASE_29}

SOC_MAJOR_GROUPS: Final = {
    "11": "Management",
    "13": "Business and Financial Operations",
    "15": "Computer and Mathematical",
    "17": "Architecture and Engineering",
    "19": "Life, Physical, and Social Science",
    "21": "Community and Social Service",
    "23": "Legal",
    "25": "Educational Instruction and Library",
    "27": "Arts, Design, Entertainment, Sports, and Media",
    "29": "Healthcare Practitioners and Technical",
    "31": "Healthcare Support",
    "33": "Protective Service",
    "35": "Food Preparation and Serving Related",
    "37": "Building and Grounds Cleaning and Maintenance",
    "39": "Personal Care and Service",
    "41": "Sales and Related",
    "43": "Office and Administrative Support",
    "45": "Farming, Fishing, and Forestry",
    "47": "Construction and Extraction",
    "49": "Installation, Maintenance, and Repair",
    "51": "Production",
    "53": "Transportation and Material Moving",
    "55": "Military Specific",
}


@dataclass(frozen=True, slots=True)
class Release:
    """A folder of one release whose tables are all there, with the columns that are needed."""

    folder: Path
    version: str
    tables: Mapping[str, Table]

    @classmethod
    def of_folder(cls, folder: Path, version: str | None) -> "Release":
        named = re.search(r"db_(\d+)_(\d+)", folder.resolve().name)
        version = version or (f"{named[1]}.{named[2]}" if named else DEFAULT_VERSION)
        release = cls(folder, version, _layout(version))
        release._check()
        return release

    def path(self, table: str) -> Path:
        return self.folder / self.tables[table].file

    def paths(self) -> list[Path]:
        return [self.path(table) for table in self.tables]

    def records(self, table: str) -> Iterator[tuple[int, dict[str, str]]]:
        """(line, cells by column name); only the columns of the layout."""
        columns = self.tables[table].columns
        path = self.path(table)
        with path.open(encoding="utf-8-sig") as stream:
            header = _cells(stream.readline())
            places = [header.index(column) for column in columns]
            for line, text in enumerate(stream, start=2):
                cells = _cells(text)
                if len(cells) != len(header):
                    raise UnreadableSource(
                        f"{path.name}, line {line} has {len(cells)} cells instead of "
                        f"{len(header)}: download the file again."
                    )
                yield (
                    line,
                    dict(zip(columns, (cells[place] for place in places), strict=True)),
                )

    def _check(self) -> None:
        missing = [table.file for table in self.tables.values() if not self._has(table.file)]
        if missing:
            raise UnreadableSource(
                f"{self.folder} lacks {', '.join(missing)} of O*NET {self.version}: unpack the "
                "whole text download (db_29_3_text.zip) there."
            )
        for table in self.tables.values():
            with (self.folder / table.file).open(encoding="utf-8-sig") as stream:
                header = _cells(stream.readline())
            absent = [column for column in table.columns if column not in header]
            if absent:
                raise UnreadableSource(
                    f"{table.file} has no column {absent[0]!r}: it is not O*NET "
                    f"{self.version}'s text download; say which release it is with --version."
                )

    def _has(self, file: str) -> bool:
        return (self.folder / file).is_file()


def _layout(version: str) -> Mapping[str, Table]:
    major = version.partition(".")[0]
    release = int(major) if major.isdigit() else 0
    if release not in LAYOUTS:
        known = ", ".join(f"{number}.x" for number in LAYOUTS)
        raise UnreadableSource(
            f"O*NET {version} has files that are not known here (known: {known}): download 29.3."
        )
    return LAYOUTS[release]


def _cells(line: str) -> list[str]:
    """Some tables are quoted, some not, and in the latter a cell may well begin with a quote.

    So a cell counts as quoted only when the quotes inside it are doubled.
    """
    return [_unquoted(cell) for cell in line.rstrip("\r\n").split("\t")]


def _unquoted(cell: str) -> str:
    if len(cell) < 2 or cell[0] != '"' or cell[-1] != '"':
        return cell
    inner = cell[1:-1].replace('""', "\0")
    return cell if '"' in inner else inner.replace("\0", '"')


def value_of(release: Release, table: str, line: int, cells: Mapping[str, str]) -> float:
    try:
        return float(cells["Data Value"])
    except ValueError as error:
        raise UnreadableSource(
            f"{release.path(table).name}, line {line}: the Data Value {cells['Data Value']!r} is "
            "not a number: download the file again."
        ) from error


def check_high_points(release: Release) -> None:
    """The first high-point that O*NET gives must be a maximum of the scores that it gives.

    Interests have one highest score; work values may tie, and the high-point is one of the tied.
    """
    _check_first_high_point(release, "interests", scores="OI", high_points="IH", first="1.B.1.g")
    _check_first_high_point(release, "work_values", scores="EX", high_points="VH", first="1.B.2.g")


def _check_first_high_point(
    release: Release, table: str, *, scores: str, high_points: str, first: str
) -> None:
    of_occupation: dict[str, list[float]] = defaultdict(list)
    top: dict[str, int] = {}
    for line, cells in release.records(table):
        code, value = cells["O*NET-SOC Code"], value_of(release, table, line, cells)
        if cells["Scale ID"] == scores:
            of_occupation[code].append(value)
        elif cells["Scale ID"] == high_points and cells["Element ID"] == first:
            top[code] = int(value)
    broken = [
        code for code, place in top.items() if not _is_maximum(of_occupation.get(code, []), place)
    ]
    if broken:
        raise UnreadableSource(
            f"{release.path(table).name}: for {len(broken)} of {len(top)} occupations the first "
            f"high-point is not the highest score (first: {broken[0]}). The file is damaged or its "
            "codes have changed: download it again."
        )


def _is_maximum(scores: list[float], place: int) -> bool:
    return 1 <= place <= len(scores) and scores[place - 1] == max(scores)
