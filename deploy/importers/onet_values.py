"""O*NET's six work values (EX, 1 to 7) of each occupation that has all of them, as they are."""

from collections.abc import Iterator
from typing import Final

from deploy.importers.onet_tables import Release, value_of
from deploy.importers.rows import Row, Skipped

VALUES: Final = {
    "1.B.2.a": "achievement",
    "1.B.2.b": "workingConditions",
    "1.B.2.c": "recognition",
    "1.B.2.d": "relationships",
    "1.B.2.e": "support",
    "1.B.2.f": "independence",
}


def work_values(release: Release) -> Iterator[Row | Skipped]:
    """In the order of the occupations; an occupation without work values is counted with that reason."""
    scores: dict[str, dict[str, float]] = {}
    lines: dict[str, int] = {}
    for line, cells in release.records("work_values"):
        if cells["Scale ID"] == "EX" and cells["Element ID"] in VALUES:
            code, name = cells["O*NET-SOC Code"], VALUES[cells["Element ID"]]
            lines.setdefault(code, line)
            scores.setdefault(code, {})[name] = value_of(release, "work_values", line, cells)
    occupations, file = release.path("occupations").name, release.path("work_values").name
    for line, cells in release.records("occupations"):
        code = cells["O*NET-SOC Code"]
        if code not in scores:
            yield Skipped(occupations, line, "the occupation has no work values")
        elif scores[code].keys() < set(VALUES.values()):
            yield Skipped(file, lines[code], "an occupation's work values lack one of the six")
        else:
            fields = {"onetSocCode": code, "title": cells["Title"], **scores[code]}
            yield Row("occupation-values", fields, file, lines[code])
