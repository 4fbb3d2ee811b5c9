"""What every reader yields: rows for a bulk door, and lines left out with their reason.

Rows refer to skills and roles by code (`skillCode`, `roleCode`); the runner puts the ids in their place.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

KEY_OF_KIND: Final = {
    "frameworks": "key",
    "skills": "code",
    "roles": "code",
    "courses": "code",
    "org-units": "key",
    "people": "key",
    "grants": "key",
    "instruments": "code",
    "interpretations": "instrument",
    "occupation-interests": "onetSocCode",
    "skill-tests": "externalId",
    "occupation-values": "onetSocCode",
}


class UnreadableSource(Exception):
    """The source cannot be read; the sentence names the file, the column and the fix."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line for `POST /imports/{kind}`; `file` and `line` say where a reader finds its origin."""

    kind: str
    fields: Mapping[str, Any]
    file: str
    line: int

    @property
    def key(self) -> str:
        return str(self.fields[KEY_OF_KIND[self.kind]])


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line of the source that is left out on purpose; equal reasons are counted together."""

    file: str
    line: int
    reason: str


Rows = Iterable[Row | Skipped]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person may tell a reader; a reader ignores what is not about its files.

    `order` corrects the order of GDaD's role levels, `mapping` the columns of a file of people,
    courses or tests, `system` names the system that gave the people's keys, `version` is O*NET's release,
    `today` dates the demo organisation.
    """

    order: Path | None = None
    mapping: Path | None = None
    provider: str | None = None
    system: str = "hris"
    version: str | None = None
    today: date | None = field(default=None)


def slug(text: str) -> str:
    """ "Head of (Agile) delivery" → "head-of-agile-delivery"; letters of other scripts are kept."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "-", bare).strip("-")


def without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != ""}
