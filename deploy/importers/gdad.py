"""The UK Government Digital and Data Profession Capability Framework: `roles.csv` and `skills.csv`.

The four levels stand evenly on 0 to 5 (1.25 apart), so that a step between neighbouring levels is the
same size everywhere. The files give neither importance nor a mandatory mark: every requirement weighs 3.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.importers.rows import (
    ReadOptions,
    Row,
    Rows,
    Skipped,
    UnreadableSource,
    slug,
)
from deploy.importers.tables import headers, read_table

FRAMEWORK_KEY: Final = "gdad"
CATALOGUE: Final = "gdad"
LEVEL_VALUES: Final = {
    "Awareness": 1.25,
    "Working": 2.5,
    "Practitioner": 3.75,
    "Expert": 5.0,
}
NOT_IN_USE: Final = "NOT IN USE"
NEUTRAL_IMPORTANCE: Final = 3
LICENCE: Final = (
    "Contains public sector information licensed under the Open Government Licence v3.0 "
    "(UK Government Digital and Data Profession Capability Framework)."
)

_SKILL_COLUMNS: Final = ("Skill Name", "Skill Description", *LEVEL_VALUES)
_ROLE_COLUMNS: Final = (
    "Role Family",
    "Role",
    "Role Level",
    "Role Level Description",
    "Skill Name",
    "Skill Level",
)
# Plain and senior stand in one band: "Service desk manager" is above "Senior service desk analyst",
# which only the requirements tell. The other words outrank the requirements.
_BANDS: Final = (
    ("apprentice", 0),
    ("trainee", 0),
    ("junior", 1),
    ("associate", 2),
    ("lead", 4),
    ("principal", 5),
    ("head", 6),
    ("chief", 6),
)
_PLAIN_BAND: Final = 3
_MANAGEMENT_SUFFIX: Final = " - management"


@dataclass(slots=True)
class RoleLevel:
    """One rung: what `roles.csv` spreads over as many lines as it has skills."""

    family: str
    role: str
    title: str
    description: str
    line: int
    levels: dict[str, str] = field(default_factory=dict)

    @property
    def is_management(self) -> bool:
        return self.title.endswith(_MANAGEMENT_SUFFIX) or seniority_band(self.title) == 6


def read(folder: Path, options: ReadOptions) -> Rows:
    _check_columns(folder / "skills.csv", _SKILL_COLUMNS)
    _check_columns(folder / "roles.csv", _ROLE_COLUMNS)
    return _rows(folder, options)


def files(folder: Path, options: ReadOptions) -> list[Path]:
    corrections = [options.order] if options.order else []
    return [folder / "skills.csv", folder / "roles.csv", *corrections]


def _rows(folder: Path, options: ReadOptions) -> Iterator[Row | Skipped]:
    yield Row("frameworks", _framework(), "skills.csv", 1)
    yield from _skills(folder / "skills.csv")
    ladders, skipped = read_ladders(folder / "roles.csv")
    yield from skipped
    corrections = read_corrections(options.order) if options.order else {}
    _check_corrections(corrections, ladders)
    for name, rungs in ladders.items():
        for level, rung in in_order(rungs, corrections.get(name)):
            yield Row("roles", _role(rung, level), "roles.csv", rung.line)


def read_ladders(path: Path) -> tuple[dict[str, list[RoleLevel]], list[Skipped]]:
    """Role → its levels in the file's (alphabetical) order, and the lines that are left out."""
    rungs: dict[tuple[str, str], RoleLevel] = {}
    seen: set[tuple[str, ...]] = set()
    skipped = []
    for record in read_table(path):
        cells, wording = record.cells, tuple(record.cells.values())
        if wording in seen:
            skipped.append(Skipped(path.name, record.line, "an exact copy of an earlier line"))
        elif cells["Skill Level"] == NOT_IN_USE:
            skipped.append(Skipped(path.name, record.line, f"its level says {NOT_IN_USE}"))
        elif cells["Skill Level"] not in LEVEL_VALUES:
            skipped.append(Skipped(path.name, record.line, f"level {cells['Skill Level']!r}"))
        else:
            _add(rungs, record.line, cells)
        seen.add(wording)
    ladders: dict[str, list[RoleLevel]] = defaultdict(list)
    for rung in rungs.values():
        ladders[rung.role].append(rung)
    return dict(ladders), skipped


def _add(rungs: dict[tuple[str, str], RoleLevel], line: int, cells: Mapping[str, str]) -> None:
    rung = rungs.setdefault(
        (cells["Role"], cells["Role Level"]),
        RoleLevel(
            family=cells["Role Family"],
            role=cells["Role"],
            title=cells["Role Level"],
            description=cells["Role Level Description"],
            line=line,
        ),
    )
    rung.levels[cells["Skill Name"]] = cells["Skill Level"]


def seniority_band(title: str) -> int:
    words = re.findall(r"[a-z]+", title.casefold())
    return next((band for word, band in _BANDS if word in words), _PLAIN_BAND)


def in_order(
    rungs: list[RoleLevel], correction: list[str] | None = None
) -> list[tuple[int, RoleLevel]]:
    """Levels from 1, lowest first: by the title's word, then by the mean of the required levels.

    A management twin ("Senior developer - management") has the level of its twin.
    """
    if correction is None:
        arranged = sorted(rungs, key=_height)
    else:
        arranged = sorted(rungs, key=lambda rung: correction.index(rung.title))
    numbers: dict[str, int] = {}
    return [
        (
            numbers.setdefault(rung.title.removesuffix(_MANAGEMENT_SUFFIX), len(numbers) + 1),
            rung,
        )
        for rung in arranged
    ]


def _height(rung: RoleLevel) -> tuple[int, float, bool, str]:
    mean = sum(LEVEL_VALUES[level] for level in rung.levels.values()) / len(rung.levels)
    return seniority_band(rung.title), mean, rung.title.startswith("Senior "), rung.title


def read_corrections(path: Path) -> dict[str, list[str]]:
    """A person's own order: a table with `Role` and `Role Level`, lowest level first."""
    _check_columns(path, ("Role", "Role Level"))
    order: dict[str, list[str]] = defaultdict(list)
    for record in read_table(path):
        order[record.cells["Role"]].append(record.cells["Role Level"])
    return dict(order)


def _check_corrections(
    corrections: Mapping[str, list[str]], ladders: Mapping[str, list[RoleLevel]]
) -> None:
    for role, titles in corrections.items():
        known = sorted(rung.title for rung in ladders.get(role, []))
        if sorted(titles) != known:
            raise UnreadableSource(
                f"The order given for {role!r} must name each of its levels once: "
                f"{', '.join(known) or 'roles.csv has no such role'}."
            )


def _framework() -> dict[str, Any]:
    levels = [
        {"ordinal": ordinal, "label": label, "value": value}
        for ordinal, (label, value) in enumerate(LEVEL_VALUES.items(), start=1)
    ]
    return {
        "key": FRAMEWORK_KEY,
        "title": "Government Digital and Data Profession Capability Framework",
        "creator": "UK Government Digital and Data",
        "source": "LOCAL",
        "licence": LICENCE,
        "version": "1",
        "publish": True,
        "scale": {"name": "Awareness to Expert", "levels": levels},
    }


def _skills(path: Path) -> Iterator[Row]:
    for record in read_table(path):
        cells = record.cells
        wordings = [f"{level}\n{cells[level]}" for level in LEVEL_VALUES if cells[level]]
        fields = {
            "frameworkKey": FRAMEWORK_KEY,
            "code": slug(cells["Skill Name"]),
            "statement": cells["Skill Name"],
            "description": "\n\n".join([cells["Skill Description"], *wordings]),
            "type": "TECHNICAL",
            "alignments": [],
        }
        yield Row("skills", fields, path.name, record.line)


def _role(rung: RoleLevel, level: int) -> dict[str, Any]:
    requirements = [
        {
            "skillCode": slug(skill),
            "requiredLevel": LEVEL_VALUES[label],
            "importance": NEUTRAL_IMPORTANCE,
            "mandatory": False,
        }
        for skill, label in sorted(rung.levels.items())
    ]
    return {
        "catalogue": CATALOGUE,
        "code": f"{slug(rung.role)}/{slug(rung.title)}",
        "family": rung.family,
        "title": rung.title,
        "level": level,
        "track": "MANAGEMENT" if rung.is_management else "INDIVIDUAL_CONTRIBUTOR",
        "description": rung.description,
        "requirements": requirements,
        "experience": [],
        "credentials": [],
    }


def _check_columns(path: Path, wanted: tuple[str, ...]) -> None:
    if not path.is_file():
        raise UnreadableSource(
            f"{path} is missing: the folder must hold roles.csv and skills.csv as published."
        )
    missing = [column for column in wanted if column not in headers(path)]
    if missing:
        raise UnreadableSource(
            f"{path.name} has no column {missing[0]!r}: use the file as published, unchanged."
        )
