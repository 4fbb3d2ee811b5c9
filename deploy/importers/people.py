"""People from a CSV or XLSX file: the org units that its columns name, then the people.

The columns are found by their usual headings (`ALIASES`); a file with other headings comes with a
mapping file, see `columns.py`. The one way to name a manager is by key or by work e-mail.
"""

import re
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
    slug,
    without_empty,
)
from deploy.importers.tables import headers, read_table

UNIT_TYPES: Final = {
    "company": "COMPANY",
    "division": "DIVISION",
    "department": "DEPARTMENT",
    "team": "TEAM",
}
ALIASES: Final = {
    "key": (
        "key",
        "employeeid",
        "employeenumber",
        "employeeno",
        "personid",
        "personnelnumber",
    ),
    "displayName": ("displayname", "name", "fullname", "employeename"),
    "firstName": ("firstname", "givenname"),
    "lastName": ("lastname", "familyname", "surname"),
    "preferredName": ("preferredname", "knownas"),
    "workEmail": ("workemail", "email", "emailaddress", "workemailaddress"),
    "subject": ("subject", "ssosubject"),
    "locale": ("locale", "language"),
    "timeZone": ("timezone",),
    "status": ("status", "employmentstatus"),
    "hireDate": ("hiredate", "startdate", "dateofhire"),
    "terminationDate": ("terminationdate", "leavingdate", "enddate"),
    "managerKey": (
        "managerkey",
        "managerid",
        "manageremployeeid",
        "supervisorid",
        "reportsto",
    ),
    "managerEmail": ("manageremail", "supervisoremail"),
    "roleId": ("roleid",),
    "roleTitle": ("roletitle", "jobtitle", "title", "role", "position"),
    "level": ("level", "grade", "joblevel"),
    "employmentType": ("employmenttype", "contracttype"),
    "effectiveFrom": ("effectivefrom", "effectivedate"),
    "changeReason": ("changereason",),
    "company": ("company", "legalentity"),
    "division": ("division", "businessunit"),
    "department": ("department", "orgunit"),
    "team": ("team",),
}
FIELDS: Final = tuple(ALIASES)
_USUAL_HEADINGS: Final = {"key": "Employee ID", "displayName": "Name"}
_AS_THEY_ARE: Final = (
    "preferredName",
    "workEmail",
    "subject",
    "locale",
    "timeZone",
    "roleId",
    "roleTitle",
    "level",
)
_CODES: Final = ("status", "employmentType", "changeReason")
_DATES: Final = ("hireDate", "terminationDate", "effectiveFrom")


class _Unusable(Exception):
    """This line cannot become a person; the sentence is the reason that is reported."""


@dataclass(slots=True)
class _Sheet:
    path: Path
    system: str
    columns: Columns
    units: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)
    key_of_email: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


def read(path: Path, options: ReadOptions) -> Rows:
    return _rows(_Sheet(path, options.system, columns_of(path, options)))


def files(path: Path, options: ReadOptions) -> list[Path]:
    return [path, options.mapping] if options.mapping else [path]


def columns_of(path: Path, options: ReadOptions) -> Columns:
    header = headers(path)
    if options.mapping:
        columns = mapped_columns(options.mapping, header, file=path.name, fields=FIELDS)
    else:
        columns = known_columns(header, ALIASES)
    named = columns.has("displayName") or (columns.has("firstName") and columns.has("lastName"))
    for name, present in (("key", columns.has("key")), ("displayName", named)):
        if not present:
            raise UnreadableSource(
                f"{path.name} has no column for {name!r}: rename one to {_USUAL_HEADINGS[name]!r} or "
                f'give a mapping file ({{"columns": {{"{name}": "YOUR HEADING"}}}}). '
                f"Its columns are {', '.join(header)}."
            )
    return columns


def _rows(sheet: _Sheet) -> Iterator[Row | Skipped]:
    _survey(sheet)
    for names, (key, line) in sorted(sheet.units.items(), key=lambda unit: len(unit[0])):
        yield Row("org-units", _unit(sheet, names, key), sheet.path.name, line)
    for record in read_table(sheet.path):
        try:
            fields = _person(sheet, record.cells)
            _only_once(sheet, fields, record.line)
        except _Unusable as unusable:
            yield Skipped(sheet.path.name, record.line, str(unusable))
        else:
            yield Row("people", fields, sheet.path.name, record.line)


def _only_once(sheet: _Sheet, fields: Mapping[str, Any], line: int) -> None:
    first = sheet.seen.setdefault(fields["key"], line)
    if first != line:
        raise _Unusable(f"its key stands already in line {first}: give each person their own")


def _survey(sheet: _Sheet) -> None:
    """First reading: every org unit with its ancestors, and whose e-mail is whose key."""
    for record in read_table(sheet.path):
        names = _unit_path(sheet.columns, record.cells)
        for depth in range(1, len(names) + 1):
            path = names[:depth]
            sheet.units.setdefault(path, (_unit_key(path), record.line))
        email = sheet.columns.value("workEmail", record.cells).casefold()
        if email:
            sheet.key_of_email[email] = sheet.columns.value("key", record.cells)


def _unit_path(columns: Columns, cells: Mapping[str, str]) -> tuple[str, ...]:
    """("division:Product", "team:Search"): the unit's place, from the top."""
    named = ((level, columns.value(level, cells)) for level in UNIT_TYPES)
    return tuple(f"{level}:{name}" for level, name in named if name)


def _unit_key(path: tuple[str, ...]) -> str:
    return "/".join(slug(step.partition(":")[2]) for step in path)


def _unit(sheet: _Sheet, names: tuple[str, ...], key: str) -> dict[str, Any]:
    level, _, name = names[-1].partition(":")
    return without_empty(
        {
            "system": sheet.system,
            "key": key,
            "name": name,
            "type": UNIT_TYPES[level],
            "parentKey": _unit_key(names[:-1]),
        }
    )


def _person(sheet: _Sheet, cells: Mapping[str, str]) -> dict[str, Any]:
    columns = sheet.columns
    key = columns.value("key", cells)
    if not key:
        raise _Unusable("the person has no key: fill in the column")
    plain = {name: columns.value(name, cells) for name in _AS_THEY_ARE}
    codes = {name: _code(columns.value(name, cells)) for name in _CODES}
    dates = {name: _iso(name, columns.value(name, cells)) for name in _DATES}
    return without_empty(
        {
            "system": sheet.system,
            "key": key,
            "displayName": _display_name(columns, cells),
            **plain,
            **codes,
            **dates,
            "managerKey": _manager(sheet, cells),
            "orgUnitKey": _unit_key(_unit_path(columns, cells)),
        }
    )


def _display_name(columns: Columns, cells: Mapping[str, str]) -> str:
    parts = [columns.value("firstName", cells), columns.value("lastName", cells)]
    name = columns.value("displayName", cells) or " ".join(part for part in parts if part)
    if not name:
        raise _Unusable("the person has no name: fill in the column")
    return name


def _manager(sheet: _Sheet, cells: Mapping[str, str]) -> str:
    key = sheet.columns.value("managerKey", cells)
    email = sheet.columns.value("managerEmail", cells)
    if key or not email:
        return key
    if email.casefold() not in sheet.key_of_email:
        raise _Unusable("the manager's e-mail belongs to nobody in this file")
    return sheet.key_of_email[email.casefold()]


def _code(text: str) -> str:
    """ "On leave" → "ON_LEAVE"; whether the code exists is the service's to say."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").upper()


def _iso(name: str, text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise _Unusable(f"{name} is not a date like 2025-03-31") from error
