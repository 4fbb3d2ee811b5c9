"""engineeringladders.json: its axes become skills, its positions roles.

The file gives every axis the same weight, so every requirement has importance 3.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from deploy.importers.rows import ReadOptions, Row, Rows, UnreadableSource, slug

FRAMEWORK_KEY: Final = "engineering-ladders"
NEUTRAL_IMPORTANCE: Final = 3
_MANAGING: Final = {"EngineeringManager"}


def read(path: Path, _options: ReadOptions) -> Rows:
    return _rows(path.name, load(path))


def files(path: Path, _options: ReadOptions) -> list[Path]:
    return [path]


def load(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise UnreadableSource(f"{path} is not a file: give the path of engineeringladders.json.")
    try:
        ladders = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise UnreadableSource(f"{path.name}, line {error.lineno}: {error.msg}.") from error
    for name in ("axes", "positions"):
        if not isinstance(ladders, dict) or name not in ladders:
            raise UnreadableSource(f'{path.name} has no "{name}": use the file as published.')
    return dict(ladders)


def _rows(file: str, ladders: Mapping[str, Any]) -> Iterator[Row]:
    yield Row("frameworks", _framework(ladders), file, 1)
    for number, (axis, levels) in enumerate(ladders["axes"].items(), start=1):
        yield Row("skills", _skill(axis, levels), file, number)
    for number, position in enumerate(ladders["positions"], start=1):
        yield Row("roles", _role(position), file, number)


def _framework(ladders: Mapping[str, Any]) -> dict[str, Any]:
    levels = [{"ordinal": step, "label": f"Level {step}", "value": step} for step in range(1, 6)]
    return {
        "key": FRAMEWORK_KEY,
        "title": "Engineering ladders",
        "creator": str(ladders.get("source", "engineeringladders.com")),
        "source": "LOCAL",
        "licence": str(ladders.get("license", "Apache-2.0")),
        "version": "1",
        "publish": True,
        "scale": {"name": "Ladder levels", "levels": levels},
    }


def _skill(axis: str, levels: list[Mapping[str, Any]]) -> dict[str, Any]:
    wordings = [f"{step['level']} {step['name']}: {step['description']}" for step in levels]
    return {
        "frameworkKey": FRAMEWORK_KEY,
        "code": slug(axis),
        "statement": axis,
        "description": "\n".join(wordings),
        "type": "LEADERSHIP" if axis in {"People", "Influence"} else "TECHNICAL",
        "alignments": [],
    }


def _role(position: Mapping[str, Any]) -> dict[str, Any]:
    ladder = str(position["ladder"])
    requirements = [
        {
            "skillCode": slug(axis),
            "requiredLevel": level,
            "importance": NEUTRAL_IMPORTANCE,
            "mandatory": False,
        }
        for axis, level in position["requires"].items()
    ]
    return {
        "catalogue": FRAMEWORK_KEY,
        "code": str(position["code"]),
        "family": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", ladder),
        "title": str(position["title"]),
        "level": int(position["level"]),
        "track": "MANAGEMENT" if ladder in _MANAGING else "INDIVIDUAL_CONTRIBUTOR",
        "requirements": requirements,
        "experience": [],
        "credentials": [],
    }
