"""Which skill takes whose evidence, and what that makes of each."""

from uuid import UUID

from services.profile.crosswalks.rules import (
    USUAL,
    AssociationType,
    Fate,
    fates,
    relations,
    targets,
)

A, B, C, D, E, F = (UUID(int=number) for number in range(1, 7))
V, W, X, Y, Z = (UUID(int=number) for number in range(11, 16))


def test_evidence_follows_replacements_forwards_and_matches_both_ways():
    related = [
        (A, V, AssociationType.EXACT_MATCH_OF),
        (W, B, AssociationType.EXACT_MATCH_OF),
        (C, X, AssociationType.REPLACED_BY),
        (Y, D, AssociationType.REPLACED_BY),
        (E, Z, AssociationType.IS_RELATED_TO),
        (A, B, AssociationType.EXACT_MATCH_OF),
    ]

    found = targets(related, USUAL, [A, B, C, D, E], [V, W, X, Y, Z])

    assert found == {A: [V], B: [W], C: [X], D: [], E: []}


def test_each_skill_has_one_fate():
    mapping = {A: [V], B: [W, X], C: [Y], D: [Y], E: [], F: [Z, Y]}

    assert fates(mapping) == {
        A: Fate.ONE_TO_ONE,
        B: Fate.ONE_TO_MANY,
        C: Fate.MANY_TO_ONE,
        D: Fate.MANY_TO_ONE,
        E: Fate.LOST,
        F: Fate.MANY_TO_MANY,
    }


def test_relations_are_told_from_the_old_skill_with_the_turned_ones_marked():
    said = [
        (A, X, AssociationType.IS_PART_OF),
        (Y, A, AssociationType.IS_PART_OF),
        (X, B, AssociationType.EXACT_MATCH_OF),
        (A, B, AssociationType.IS_PEER_OF),
    ]

    assert relations(said, [A, B, C], {X, Y}) == {
        A: [(X, AssociationType.IS_PART_OF, False), (Y, AssociationType.IS_PART_OF, True)],
        B: [(X, AssociationType.EXACT_MATCH_OF, False)],
        C: [],
    }
