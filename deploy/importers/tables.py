"""Tables as people have them: CSV, TSV and XLSX with headers that differ from house to house."""

import csv
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from deploy.importers.rows import UnreadableSource

DELIMITERS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table; `line` is where it begins (a quoted cell may run over several)."""

    line: int
    cells: Mapping[str, str]


def read_table(path: Path) -> Iterator[Record]:
    """Records with trimmed cells; dates in a spreadsheet come as ISO dates."""
    if not path.is_file():
        raise UnreadableSource(f"{path} is not a file: give the path of a CSV, TSV or XLSX file.")
    lines = _sheet_lines(path) if path.suffix.lower() == ".xlsx" else _text_lines(path)
    header: Sequence[str] | None = None
    for number, cells in lines:
        if header is None:
            header = _checked_header(path, cells)
        elif any(cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            yield Record(number, dict(zip(header, padded, strict=False)))
    if header is None:
        raise UnreadableSource(f"{path.name} is empty: its first line must name the columns.")


def headers(path: Path) -> list[str]:
    """The names in the first line; a table without a second line still has them."""
    lines = _sheet_lines(path) if path.suffix.lower() == ".xlsx" else _text_lines(path)
    with closing(lines):
        first = next(lines, None)
    if first is None:
        raise UnreadableSource(f"{path.name} is empty: its first line must name the columns.")
    return _checked_header(path, first[1])


def normal(header: str) -> str:
    """ "Employee ID", "employee_id" and "EmployeeId" are one name: "employeeid"."""
    return re.sub(r"[\W_]+", "", header).casefold()


def _checked_header(path: Path, cells: Sequence[str]) -> list[str]:
    repeated = sorted({name for name in cells if name and cells.count(name) > 1})
    if repeated:
        raise UnreadableSource(
            f"{path.name} has the column {repeated[0]!r} twice: rename one of them."
        )
    return list(cells)


def _text_lines(path: Path) -> Generator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter=_delimiter(path, first))
            begins = 1
            for cells in reader:
                yield begins, [cell.strip() for cell in cells]
                begins = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise UnreadableSource(
            f"{path.name} is not UTF-8 (byte {error.start}): save it as CSV UTF-8 and try again."
        ) from error
    except csv.Error as error:
        raise UnreadableSource(f"{path.name} is not readable as a table: {error}.") from error


def _delimiter(path: Path, first: str) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    return max(DELIMITERS, key=first.count)


def _sheet_lines(path: Path) -> Generator[tuple[int, list[str]]]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError) as error:
        raise UnreadableSource(
            f"{path.name} is not a readable XLSX workbook: save it again as .xlsx or as CSV."
        ) from error
    with closing(workbook):
        sheet = workbook.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell_text(cell) for cell in cells]


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
