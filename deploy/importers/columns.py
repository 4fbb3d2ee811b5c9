"""Which column of a table is which field: known headings, or a mapping file that a person writes.

A mapping file is JSON; a field is a heading, or a text with headings in braces:

    {"columns": {"key": "rownames", "displayName": "Employee {rownames}", "roleTitle": "JobRole",
                 "department": "Department", "level": "JobLevel", "status": "Attrition"},
     "values": {"status": {"Yes": "TERMINATED", "No": "ACTIVE"}}}
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.importers.rows import UnreadableSource
from deploy.importers.tables import normal

_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → text with headings in braces; `values` replaces a cell's wording."""

    templates: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.templates

    def value(self, name: str, cells: Mapping[str, str]) -> str:
        """The field's text; empty when its headings are all empty in this line."""
        template = self.templates.get(name)
        if template is None:
            return ""
        headings = _BRACES.findall(template)
        if headings and not any(cells[heading] for heading in headings):
            return ""
        text = _BRACES.sub(lambda match: cells[match[1]], template).strip()
        return self.values.get(name, {}).get(text, text)


def known_columns(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> Columns:
    """By the usual headings: the first alias of a field that the file has."""
    by_name = {normal(heading): heading for heading in header}
    templates = {}
    for name, usual in aliases.items():
        found = next((by_name[alias] for alias in usual if alias in by_name), None)
        if found is not None:
            templates[name] = f"{{{found}}}"
    return Columns(templates)


def mapped_columns(
    path: Path, header: Sequence[str], *, file: str, fields: Sequence[str]
) -> Columns:
    """The mapping file's columns; whatever it names must exist, in the table and in Waymark."""
    try:
        mapping = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableSource(
            f"The mapping file {path} cannot be read: {error.strerror}."
        ) from error
    except ValueError as error:
        raise UnreadableSource(f"The mapping file {path.name} is not JSON: {error}.") from error
    given = mapping.get("columns") if isinstance(mapping, dict) else None
    if not isinstance(given, dict) or not given:
        raise UnreadableSource(f'{path.name} needs "columns": an object of field and heading.')
    templates = {
        name: _template(path, name, text, header, file=file, fields=fields)
        for name, text in given.items()
    }
    return Columns(templates, mapping.get("values", {}))


def _template(
    path: Path,
    name: str,
    text: object,
    header: Sequence[str],
    *,
    file: str,
    fields: Sequence[str],
) -> str:
    if name not in fields:
        raise UnreadableSource(
            f"{path.name} maps the unknown field {name!r}: the fields are {', '.join(fields)}."
        )
    if not isinstance(text, str):
        raise UnreadableSource(f"{path.name}: the column of {name!r} must be a text.")
    template = f"{{{text}}}" if text in header else text
    headings = _BRACES.findall(template)
    absent = [heading for heading in headings if heading not in header]
    if absent or not headings:
        raise UnreadableSource(
            f"{path.name} maps {name!r} to {(absent or [text])[0]!r}, which is no column of {file}: "
            f"its columns are {', '.join(header)}."
        )
    return template
