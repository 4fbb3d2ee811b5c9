"""Results of skill tests from CSV, TSV or XLSX, one skill of one sitting a line.

Scores are on the test's own scale, from 0 where no column says its lowest. `waymark import skill-tests FILE` takes the
people's keys as those of `--system`, and with `--provider` one publisher for all lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from deploy.importers.columns import Columns, known_columns, mapped_columns
from deploy.importers.rows import (
    ReadOptions,
    Row,
    Rows,
    Skipped,
    UnreadableSource,
    without_empty,
)
from deploy.importers.tables import headers, read_table

ALIASES: Final = {
    "key": ("key", "employeeid", "employeenumber", "personid", "personkey"),
    "frameworkKey": ("frameworkkey", "framework"),
    "skillCode": ("skillcode", "skill"),
    "publisher": ("publisher", "vendor", "provider"),
    "externalId": ("externalid", "resultid", "attemptid", "id"),
    "test": ("test", "testname", "assessment"),
    "score": ("score", "scoreraw", "rawscore"),
    "scoreMin": ("scoremin", "minscore", "min"),
    "scoreMax": ("scoremax", "maxscore", "max"),
    "success": ("success", "passed", "result"),
    "takenOn": ("takenon", "testdate", "date", "completedon"),
    "expiresOn": ("expireson", "expirydate", "validuntil"),
}
FIELDS: Final = tuple(ALIASES)
NEEDED: Final = tuple(
    name for name in FIELDS if name not in ("publisher", "scoreMin", "success", "expiresOn")
)
_AS_THEY_ARE: Final = ("key", "frameworkKey", "skillCode", "externalId", "test")
_PASSED: Final = {"yes": True, "true": True, "passed": True, "1": True}
_FAILED: Final = {"no": False, "false": False, "failed": False, "0": False}


class _Unusable(Exception):
    """This line cannot become a result; the sentence is the reason that is reported."""


@dataclass(slots=True)
class _Sheet:
    path: Path
    columns: Columns
    options: ReadOptions
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)


def read(path: Path, options: ReadOptions) -> Rows:
    header = headers(path)
    if options.mapping:
        columns = mapped_columns(options.mapping, header, file=path.name, fields=FIELDS)
    else:
        columns = known_columns(header, ALIASES)
    needed = NEEDED if options.provider else (*NEEDED, "publisher")
    if missing := [name for name in needed if not columns.has(name)]:
        raise UnreadableSource(
            f"{path.name} has no column for {missing[0]!r}: rename one to it or give a mapping file. "
            f"Its columns are {', '.join(header)}."
        )
    return _rows(_Sheet(path, columns, options))


def files(path: Path, options: ReadOptions) -> list[Path]:
    return [path, options.mapping] if options.mapping else [path]


def _rows(sheet: _Sheet) -> Iterator[Row | Skipped]:
    for record in read_table(sheet.path):
        try:
            fields = _result(sheet, record.cells)
            _only_once(sheet, fields, record.line)
        except _Unusable as unusable:
            yield Skipped(sheet.path.name, record.line, str(unusable))
        else:
            yield Row("skill-tests", fields, sheet.path.name, record.line)


def _only_once(sheet: _Sheet, fields: Mapping[str, Any], line: int) -> None:
    names = ("publisher", "externalId", "frameworkKey", "skillCode")
    first = sheet.seen.setdefault(tuple(fields[name] for name in names), line)
    if first != line:
        raise _Unusable(f"its result of this skill stands already in line {first}")


def _result(sheet: _Sheet, cells: Mapping[str, str]) -> dict[str, Any]:
    values = {name: sheet.columns.value(name, cells) for name in FIELDS}
    values["publisher"] = sheet.options.provider or values["publisher"]
    if empty := [name for name in (*NEEDED, "publisher") if not values[name]]:
        raise _Unusable(f"the result has no {empty[0]}: fill in the column")
    score = {"raw": "score", "min": "scoreMin", "max": "scoreMax"}
    return without_empty(
        {
            "system": sheet.options.system,
            **{name: values[name] for name in (*_AS_THEY_ARE, "publisher")},
            "score": without_empty(
                {name: _number(column, values[column]) for name, column in score.items()}
            ),
            "success": _success(values["success"]),
            "takenOn": _iso("takenOn", values["takenOn"]),
            "expiresOn": _iso("expiresOn", values["expiresOn"]),
        }
    )


def _number(name: str, text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError as error:
        raise _Unusable(f"{name} is not a number like 12.5") from error


def _success(text: str) -> bool | None:
    known = _PASSED | _FAILED
    if text and text.casefold() not in known:
        raise _Unusable("success is neither yes nor no")
    return known.get(text.casefold())


def _iso(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat() if text else ""
    except ValueError as error:
        raise _Unusable(f"{name} is not a date like 2025-03-31") from error
