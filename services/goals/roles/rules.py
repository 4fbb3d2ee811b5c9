"""What a role is made of, when two are the same, and which is the next one on a ladder."""

import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_SENIORITY = re.compile(
    r"\b(apprentice|trainee|junior|associate|mid-?level|senior|staff|lead|principal|head of|head|chief"
    r"|i{1,3}|iv|v|\d+)\b"
)
_MANAGEMENT = re.compile(r"\s+-\s+management$")


class Track(StrEnum):
    """Which kind of ladder a role stands on."""

    INDIVIDUAL_CONTRIBUTOR = "INDIVIDUAL_CONTRIBUTOR"
    MANAGEMENT = "MANAGEMENT"
    SPECIALIST = "SPECIALIST"


def title_stem(title: str) -> str:
    """What a ladder's titles share: "Lead developer" and "Developer" have the stem "developer"."""
    plain = _MANAGEMENT.sub("", title.casefold().strip())
    stem = " ".join(_SENIORITY.sub(" ", plain).split()).strip(" -,")
    return stem or plain


def content_hash(content: Mapping[str, Any]) -> bytes:
    """Equal for equal contents whatever the order of their members; requirements are sorted by who makes them."""
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).digest()
