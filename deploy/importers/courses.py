"""Courses from CSV, TSV or XLSX, and the OSSU curriculum as it is.

Skills stand in one cell as `code:delta` pairs ("python:0.5; testing:1"), with codes of the starter
framework, which is then sent first (unchanged where it is there). Hours may be given, or follow from
duration and effort: "6 weeks" of "8-10 hours/week" are 54.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.catalogue.loader import framework_rows
from deploy.importers.columns import Columns, known_columns, mapped_columns
from deploy.importers.rows import (
    ReadOptions,
    Row,
    Rows,
    Skipped,
    UnreadableSource,
    slug,
    without_empty,
)
from deploy.importers.tables import headers, normal, read_table

WEEKS_PER_MONTH: Final = 52 / 12
ALIASES: Final = {
    "code": ("code", "courseid", "coursecode", "id"),
    "title": ("title", "course", "coursetitle", "coursename", "name"),
    "provider": ("provider", "vendor", "institution"),
    "type": ("type", "kind", "format"),
    "url": ("url", "link", "website"),
    "hours": ("hours", "durationhours", "totalhours"),
    "duration": ("duration",),
    "effort": ("effort", "workload"),
    "cost": ("cost", "price"),
    "currency": ("currency",),
    "language": ("language",),
    "skills": ("skills", "skillcodes"),
}
FIELDS: Final = tuple(ALIASES)
TYPES: Final = (
    "COURSE",
    "WORKSHOP",
    "CERTIFICATION",
    "DEGREE",
    "READING",
    "CONFERENCE",
    "OTHER",
)
OSSU_HEADER: Final = {"section", "course", "url", "duration", "effort", "prerequisites"}
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)(?:\s*[-\u2013]\s*(\d+(?:\.\d+)?))?")


class _Unusable(Exception):
    """This line cannot become a course; the sentence is the reason that is reported."""


@dataclass(slots=True)
class _Sheet:
    path: Path
    columns: Columns
    provider: str | None
    seen: dict[str, int] = field(default_factory=dict)


def read(path: Path, options: ReadOptions) -> Rows:
    header = headers(path)
    if options.mapping:
        columns = mapped_columns(options.mapping, header, file=path.name, fields=FIELDS)
    else:
        columns = known_columns(header, ALIASES)
    if not columns.has("title"):
        raise UnreadableSource(
            f"{path.name} has no column for 'title': rename one to 'title' or give a mapping file. "
            f"Its columns are {', '.join(header)}."
        )
    return _rows(_Sheet(path, columns, _provider(path, header, columns, options)))


def files(path: Path, options: ReadOptions) -> list[Path]:
    return [path, options.mapping] if options.mapping else [path]


def _provider(
    path: Path, header: Sequence[str], columns: Columns, options: ReadOptions
) -> str | None:
    """The provider of all lines, or none when a column says it."""
    if options.provider:
        return options.provider
    if columns.has("provider"):
        return None
    if {normal(heading) for heading in header} >= OSSU_HEADER:
        return "OSSU"
    raise UnreadableSource(
        f"{path.name} has no column for 'provider': add one, or name the provider with --provider."
    )


def _rows(sheet: _Sheet) -> Iterator[Row | Skipped]:
    if any(sheet.columns.value("skills", record.cells) for record in read_table(sheet.path)):
        yield from framework_rows()
    for record in read_table(sheet.path):
        try:
            fields = _course(sheet, record.cells)
            _only_once(sheet, fields, record.line)
        except _Unusable as unusable:
            yield Skipped(sheet.path.name, record.line, str(unusable))
        else:
            yield Row("courses", fields, sheet.path.name, record.line)


def _only_once(sheet: _Sheet, fields: Mapping[str, Any], line: int) -> None:
    name = f"{fields['provider']}/{fields['code']}"
    first = sheet.seen.setdefault(name, line)
    if first != line:
        raise _Unusable(f"its code stands already in line {first}: give each course its own")


def _course(sheet: _Sheet, cells: Mapping[str, str]) -> dict[str, Any]:
    values = {name: sheet.columns.value(name, cells) for name in FIELDS}
    if not values["title"]:
        raise _Unusable("the course has no title: fill in the column")
    provider = sheet.provider or values["provider"]
    if not provider:
        raise _Unusable("the course has no provider: fill in the column")
    kind = values["type"].upper() or "COURSE"
    return without_empty(
        {
            "provider": provider,
            "code": values["code"] or slug(values["title"]),
            "title": values["title"],
            "type": kind if kind in TYPES else "OTHER",
            "url": _address(values["url"]),
            "hours": _hours(values),
            "cost": _number("cost", values["cost"]),
            "currency": values["currency"].upper(),
            "language": values["language"],
            "skills": _skills(values["skills"]),
        }
    )


def _address(text: str) -> str | None:
    """OSSU points at some of its own pages by a relative path: such a course has no address."""
    return text if text.startswith(("https://", "http://")) else None


def _hours(values: Mapping[str, str]) -> float | None:
    given = _number("hours", values["hours"])
    if given is not None:
        return given
    weeks, per_week = _weeks(values["duration"]), _middle(values["effort"])
    return None if weeks is None or per_week is None else round(weeks * per_week, 1)


def _weeks(duration: str) -> float | None:
    middle = _middle(duration)
    if middle is None:
        return None
    return middle * WEEKS_PER_MONTH if "month" in duration.casefold() else middle


def _middle(span: str) -> float | None:
    """ "8-10 hours/week" → 9.0; "-" → None."""
    found = _SPAN.search(span)
    if found is None:
        return None
    low = float(found[1])
    return (low + float(found[2] or low)) / 2


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise _Unusable(f"{name} is not a number like 12.5") from error


def _skills(cell: str) -> list[dict[str, Any]]:
    pairs = [pair.strip() for pair in re.split(r"[;,]", cell) if pair.strip()]
    return [_expected(pair) for pair in pairs]


def _expected(pair: str) -> dict[str, Any]:
    code, separator, delta = pair.rpartition(":")
    try:
        return {"skillCode": code.strip(), "expectedDelta": float(delta)}
    except ValueError as error:
        fix = "write code:delta" if separator else "give its delta as code:0.5"
        raise _Unusable(f"the skill {pair!r} cannot be read: {fix}") from error
