"""The starter catalogue's files as rows for the bulk doors; skills are named by code."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from deploy.importers.rows import ReadOptions, Row

FOLDER: Final = Path(__file__).parent


def read(_path: Path, _options: ReadOptions) -> Iterator[Row]:
    """Framework, skills, roles, courses, in the order in which they need each other."""
    yield from framework_rows()
    yield from role_rows()
    yield from course_rows()


def files(_path: Path, _options: ReadOptions) -> list[Path]:
    return [FOLDER / f"{name}.json" for name in ("skills", "roles", "courses")]


def framework_rows() -> Iterator[Row]:
    """The framework, then its skills: a category stands before the skills below it."""
    stored = load("skills")
    framework = stored["framework"]
    yield Row("frameworks", framework, "skills.json", 1)
    for number, skill in enumerate(stored["skills"], start=1):
        fields = {"frameworkKey": framework["key"], "alignments": []} | skill
        yield Row("skills", fields, "skills.json", number)


def role_rows() -> Iterator[Row]:
    stored = load("roles")
    for number, role in enumerate(stored["roles"], start=1):
        yield Row("roles", {"catalogue": stored["catalogue"]} | role, "roles.json", number)


def course_rows() -> Iterator[Row]:
    for number, course in enumerate(load("courses")["courses"], start=1):
        yield Row("courses", course, "courses.json", number)


@cache
def load(name: str) -> dict[str, Any]:
    """One file of this folder by its name without `.json`; treat the answer as read-only."""
    stored: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return stored
