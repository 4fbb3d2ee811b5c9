"""O*NET's six interest scores (OI, 1 to 7) of each occupation that has all of them, as they are."""

from collections.abc import Iterator
from typing import Final

from deploy.importers.onet_tables import Release, value_of
from deploy.importers.rows import Row, Skipped

AREAS: Final = {
    "1.B.1.a": "realistic",
    "1.B.1.b": "investigative",
    "1.B.1.c": "artistic",
    "1.B.1.d": "social",
    "1.B.1.e": "enterprising",
    "1.B.1.f": "conventional",
}


def interests(release: Release) -> Iterator[Row | Skipped]:
    """In the order of the occupations; an occupation without interests is counted with that reason."""
    scores, lines = _scores(release)
    occupations, file = release.path("occupations").name, release.path("interests").name
    for line, cells in release.records("occupations"):
        code = cells["O*NET-SOC Code"]
        of_areas = scores.get(code, {})
        if code not in scores:
            yield Skipped(occupations, line, "the occupation has no interests")
        elif of_areas.keys() < set(AREAS.values()):
            yield Skipped(file, lines[code], "an occupation's interests lack one of the six areas")
        else:
            fields = {"onetSocCode": code, "title": cells["Title"], **of_areas}
            yield Row("occupation-interests", fields, file, lines[code])


def _scores(release: Release) -> tuple[dict[str, dict[str, float]], dict[str, int]]:
    """Occupation → area → score, and the line on which an occupation's scores begin."""
    scores: dict[str, dict[str, float]] = {}
    lines: dict[str, int] = {}
    for line, cells in release.records("interests"):
        if cells["Scale ID"] == "OI" and cells["Element ID"] in AREAS:
            code, area = cells["O*NET-SOC Code"], AREAS[cells["Element ID"]]
            lines.setdefault(code, line)
            scores.setdefault(code, {})[area] = value_of(release, "interests", line, cells)
    return scores, lines
