"""The kinds of relations between skills, and what becomes of each skill when its framework is replaced; pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from uuid import UUID


class AssociationType(StrEnum):
    """CASE's types: the origin is this to the destination."""

    IS_CHILD_OF = "IS_CHILD_OF"
    IS_PEER_OF = "IS_PEER_OF"
    IS_PART_OF = "IS_PART_OF"
    EXACT_MATCH_OF = "EXACT_MATCH_OF"
    PRECEDES = "PRECEDES"
    IS_RELATED_TO = "IS_RELATED_TO"
    REPLACED_BY = "REPLACED_BY"
    HAS_SKILL_LEVEL = "HAS_SKILL_LEVEL"


CARRYING = frozenset(
    {
        AssociationType.EXACT_MATCH_OF,
        AssociationType.REPLACED_BY,
        AssociationType.IS_PART_OF,
        AssociationType.IS_RELATED_TO,
    }
)
"""What may carry evidence over if whoever migrates says so; the first two do by themselves."""
USUAL = (AssociationType.EXACT_MATCH_OF, AssociationType.REPLACED_BY)
BOTH_WAYS = frozenset({AssociationType.EXACT_MATCH_OF, AssociationType.IS_RELATED_TO})


class Fate(StrEnum):
    """What becomes of a skill's evidence: it goes to one skill, to several, together with others', both, nowhere."""

    ONE_TO_ONE = "ONE_TO_ONE"
    ONE_TO_MANY = "ONE_TO_MANY"
    MANY_TO_ONE = "MANY_TO_ONE"
    MANY_TO_MANY = "MANY_TO_MANY"
    LOST = "LOST"


class MigrationState(StrEnum):
    """RUNNING until all evidence has its place in the new framework."""

    RUNNING = "RUNNING"
    DONE = "DONE"


Association = tuple[UUID, UUID, AssociationType]
"""Origin, destination, type."""


def targets(
    associations: Iterable[Association],
    using: Collection[AssociationType],
    origins: Collection[UUID],
    destinations: Collection[UUID],
) -> dict[UUID, list[UUID]]:
    """For each skill of the old framework those of the new one that take its evidence, by ascending id."""
    found: dict[UUID, set[UUID]] = {origin: set() for origin in origins}
    for origin, destination, kind in associations:
        if kind not in using:
            continue
        if origin in found and destination in destinations:
            found[origin].add(destination)
        if kind in BOTH_WAYS and destination in found and origin in destinations:
            found[destination].add(origin)
    return {origin: sorted(places) for origin, places in found.items()}


Relation = tuple[UUID, AssociationType, bool]
"""A skill of the new framework, the type, and whether it is turned: said of that skill, not of the old one."""


def relations(
    associations: Iterable[Association],
    origins: Collection[UUID],
    destinations: Collection[UUID],
) -> dict[UUID, list[Relation]]:
    """All that lies between the skills of two frameworks, by the old one's, in a fixed order."""
    found: dict[UUID, set[Relation]] = {origin: set() for origin in origins}
    for origin, destination, kind in associations:
        if origin in found and destination in destinations:
            found[origin].add((destination, kind, False))
        if destination in found and origin in destinations:
            found[destination].add((origin, kind, kind not in BOTH_WAYS))
    return {origin: sorted(places) for origin, places in found.items()}


def fates(mapping: Mapping[UUID, Collection[UUID]]) -> dict[UUID, Fate]:
    """By how many places a skill has, and whether it shares one."""
    comers = Counter(place for places in mapping.values() for place in places)
    return {origin: _fate(places, comers) for origin, places in mapping.items()}


def _fate(places: Collection[UUID], comers: Mapping[UUID, int]) -> Fate:
    if not places:
        return Fate.LOST
    shared = any(comers[place] > 1 for place in places)
    if len(places) == 1:
        return Fate.MANY_TO_ONE if shared else Fate.ONE_TO_ONE
    return Fate.MANY_TO_MANY if shared else Fate.ONE_TO_MANY
