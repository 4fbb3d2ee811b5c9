"""The kinds of import by name: which reader reads them, and which files they consist of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.catalogue import demo, loader
from deploy.importers import courses, gdad, instrument, ladder, onet, people, skill_tests
from deploy.importers.rows import ReadOptions, Rows, UnreadableSource


@dataclass(frozen=True, slots=True)
class Source:
    """`read` raises `UnreadableSource` at once when the files are not what they should be."""

    read: Callable[[Path, ReadOptions], Rows]
    files: Callable[[Path, ReadOptions], list[Path]]


SOURCES: Final = {
    "onet": Source(onet.read, onet.files),
    "gdad": Source(gdad.read, gdad.files),
    "ladder": Source(ladder.read, ladder.files),
    "people": Source(people.read, people.files),
    "courses": Source(courses.read, courses.files),
    "instrument": Source(instrument.read, instrument.files),
    "skill-tests": Source(skill_tests.read, skill_tests.files),
    "catalogue": Source(loader.read, loader.files),
    "demo": Source(demo.read, demo.files),
}


def source_of(kind: str) -> Source:
    if kind not in SOURCES:
        raise UnreadableSource(f"{kind!r} is not one of {', '.join(SOURCES)}.")
    return SOURCES[kind]
