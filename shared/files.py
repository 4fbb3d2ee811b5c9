"""What is answered as a file rather than as JSON: pictures, tables for spreadsheets, calendars."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import normalize

from fastapi import Response

SVG, CSV, ICS = "image/svg+xml", "text/csv", "text/calendar"
STARTS_A_FORMULA, STARTS_A_CELL = frozenset("=+-@"), frozenset("\t\r\n")

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Authorization",
}
"""It may be about persons: only their own browsers keep it, and ask each time whether they still may see it."""


def documented(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    """For `responses` of a route that answers with a file."""
    return {
        200: {"description": description, "content": {media_type: {"schema": {"type": "string"}}}}
    }


def drawing(svg: str) -> Response:
    return Response(svg, media_type=SVG, headers=_HEADERS)


def table(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """To be saved as `name`."""
    return _saved(name, as_csv(heads, rows), f"{CSV}; charset=utf-8; header=present")


def calendar(name: str, text: str) -> Response:
    """To be saved as `name`, or to be opened by a calendar."""
    return _saved(name, text, f"{ICS}; charset=utf-8")


def _saved(name: str, text: str, media_type: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=media_type, headers=_HEADERS | disposition)


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """As in RFC 4180; nothing that users wrote runs as a formula where the table is opened (CWE-1236)."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    """Numbers stay numbers, also negative ones; text that a spreadsheet would compute gets an apostrophe before it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and _computes(value):
        return f"'{value}"
    return value


def _computes(words: str) -> bool:
    """Also behind blanks, and with the wide signs that East Asian versions take for the narrow ones."""
    first = normalize("NFKC", words.lstrip()[:1])
    return first in STARTS_A_FORMULA or words[:1] in STARTS_A_CELL
