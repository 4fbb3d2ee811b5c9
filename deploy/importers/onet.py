"""O*NET: 35 skills and 33 areas of knowledge, and every occupation that has ratings of them as a role; then the
interests and the work values of every occupation that has those.

Levels LV 0 to 7 are laid linearly on 0 to 5, importance IM 1 to 5 stays as it is. A rating marked
"Not Relevant" or "Recommend Suppress" makes no requirement; it is counted with that reason.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from deploy.importers.onet_interests import interests
from deploy.importers.onet_tables import (
    SOC_MAJOR_GROUPS,
    Release,
    check_high_points,
    value_of,
)
from deploy.importers.onet_values import work_values
from deploy.importers.rows import ReadOptions, Row, Rows, Skipped

FRAMEWORK_KEY: Final = "onet"
TOP_LEVEL: Final = 7
ATTRIBUTION: Final = (
    "This product includes information from the O*NET {version} Database by the U.S. Department of "
    "Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
    "O*NET(R) is a trademark of USDOL/ETA."
)
_TYPES: Final = (
    ("2.A", "BEHAVIOURAL"),
    ("2.B.1", "BEHAVIOURAL"),
    ("2.B.2", "BEHAVIOURAL"),
    ("2.B.3", "TECHNICAL"),
    ("2.B.4", "TECHNICAL"),
    ("2.B.5", "LEADERSHIP"),
    ("2.C", "KNOWLEDGE"),
)
Ratings = dict[str, dict[str, dict[str, float]]]


def read(folder: Path, options: ReadOptions) -> Rows:
    release = Release.of_folder(folder, options.version)
    check_high_points(release)
    return _rows(release)


def files(folder: Path, options: ReadOptions) -> list[Path]:
    return Release.of_folder(folder, options.version).paths()


def on_five(level: float) -> float:
    return round(level * 5 / TOP_LEVEL, 4)


def _rows(release: Release) -> Iterator[Row | Skipped]:
    yield Row("frameworks", _framework(release.version), release.path("occupations").name, 1)
    yield from _skills(release)
    ratings: Ratings = defaultdict(lambda: defaultdict(dict))
    for table in ("skills", "knowledge"):
        yield from _collect(release, table, ratings)
    yield from _roles(release, ratings)
    yield from interests(release)
    yield from work_values(release)


def _framework(version: str) -> dict[str, Any]:
    levels = [
        {"ordinal": step, "label": f"O*NET level {step}", "value": on_five(step)}
        for step in range(TOP_LEVEL + 1)
    ]
    return {
        "key": FRAMEWORK_KEY,
        "title": "O*NET skills and knowledge",
        "creator": "USDOL/ETA",
        "source": "ONET",
        "licence": ATTRIBUTION.format(version=version),
        "version": version,
        "publish": True,
        "scale": {"name": "O*NET level (0 to 7)", "levels": levels},
    }


def _skills(release: Release) -> Iterator[Row]:
    """An element's name comes from the rating tables: only what is rated becomes a skill."""
    rated = {
        cells["Element ID"]: cells["Element Name"]
        for table in ("skills", "knowledge")
        for _, cells in release.records(table)
    }
    for line, cells in release.records("content_model"):
        element = cells["Element ID"]
        if element in rated:
            fields = _skill(element, rated[element], cells["Description"])
            yield Row("skills", fields, release.path("content_model").name, line)


def _skill(element: str, name: str, description: str) -> dict[str, Any]:
    return {
        "frameworkKey": FRAMEWORK_KEY,
        "code": element,
        "statement": name,
        "description": description,
        "type": next(kind for prefix, kind in _TYPES if element.startswith(prefix)),
        "alignments": [{"uri": f"urn:onet:element:{element}", "type": "exactMatch"}],
    }


def _collect(release: Release, table: str, ratings: Ratings) -> Iterator[Skipped]:
    """Fills occupation → element → scale → value with the ratings that may be used."""
    file = release.path(table).name
    for line, cells in release.records(table):
        reason = _flag(cells)
        if reason:
            yield Skipped(file, line, reason)
        else:
            of_element = ratings[cells["O*NET-SOC Code"]][cells["Element ID"]]
            of_element[cells["Scale ID"]] = value_of(release, table, line, cells)


def _flag(cells: Mapping[str, str]) -> str | None:
    if cells["Not Relevant"] == "Y":
        return "its level is marked Not Relevant"
    if cells["Recommend Suppress"] == "Y":
        return "its value is marked Recommend Suppress"
    return None


def _roles(release: Release, ratings: Ratings) -> Iterator[Row | Skipped]:
    zones = {cells["O*NET-SOC Code"]: cells for _, cells in release.records("job_zones")}
    file = release.path("occupations").name
    for line, cells in release.records("occupations"):
        code = cells["O*NET-SOC Code"]
        if code not in ratings:
            yield Skipped(file, line, "the occupation has no ratings of skills or knowledge")
        else:
            zone = zones.get(code)
            level = int(zone["Job Zone"]) if zone else None
            yield Row("roles", _role(cells, level, ratings[code]), file, line)


def _role(
    cells: Mapping[str, str],
    level: int | None,
    of_element: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    code = cells["O*NET-SOC Code"]
    requirements = [
        {
            "skillCode": element,
            "requiredLevel": on_five(scales["LV"]),
            "importance": scales["IM"],
            "mandatory": False,
        }
        for element, scales in of_element.items()
        if scales.keys() >= {"LV", "IM"}
    ]
    return {
        "catalogue": "onet",
        "code": code,
        "family": SOC_MAJOR_GROUPS[code[:2]],
        "title": cells["Title"],
        "level": level,
        "track": None,
        "description": cells["Description"],
        "onetSocCode": code,
        "requirements": requirements,
        "experience": [],
        "credentials": [],
    }
