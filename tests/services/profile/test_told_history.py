"""What words about days do to a job history, as plain functions."""

from datetime import date
from itertools import permutations
from random import Random

import pytest

from services.profile.people.history import PARTS, Entry, in_force, laid, merged
from services.profile.people.rules import ChangeReason, Position

OTHER = ChangeReason.OTHER


def lay(history, day, **patch):
    return merged(history, laid(history, day=day, patch=patch, reason=None, ends=None))


def year(number):
    return date(number, 1, 1)


def held(history):
    return [(e.begins.year, e.position.role_title, e.position.level) for e in history]


def test_a_later_word_keeps_what_it_does_not_name():
    history = lay(lay([], year(2024), role_title="Maker", level="1"), year(2025), level="2")

    assert held(history) == [(2024, "Maker", "1"), (2025, "Maker", "2")]
    assert history[1].inherited == PARTS - {"level"}


def test_what_is_learned_later_holds_until_somebody_named_it():
    history = lay([], year(2024), level="1")
    history = lay(history, year(2025), level="2")
    history = lay(history, year(2026), role_title="Lead")
    history = lay(history, year(2027), level="3")

    history = lay(history, year(2024), role_title="Maker")

    assert held(history) == [
        (2024, "Maker", "1"),
        (2025, "Maker", "2"),
        (2026, "Lead", "2"),
        (2027, "Lead", "3"),
    ]


def test_an_entry_of_another_door_names_everything():
    whole = Entry(year(2025), None, Position(role_title="Clerk"), frozenset(), OTHER)

    history = lay([whole], year(2024), role_title="Maker", level="1")

    assert held(history) == [(2024, "Maker", "1"), (2025, "Clerk", None)]


def test_nothing_is_inherited_across_a_gap():
    left = Entry(year(2020), year(2021), Position(role_title="Maker"), frozenset(PARTS), OTHER)
    back = Entry(year(2024), None, Position(level="1"), PARTS - {"level"}, OTHER)

    history = lay([left, back], year(2020), role_title="Baker")

    assert held(history) == [(2020, "Baker", None), (2024, None, "1")]
    assert in_force(history, year(2022)) is None


def test_the_same_word_again_records_nothing():
    history = lay(lay([], year(2024), level="1"), year(2025), role_title="Maker")

    again = laid(history, day=year(2024), patch={"level": "1"}, reason=None, ends=None)

    assert again == []


@pytest.mark.parametrize("seed", range(25))
def test_words_about_different_days_may_come_in_any_order(seed):
    random = Random(seed)
    words = [
        (
            year(2020 + n),
            {
                part: str(random.randrange(3))
                for part in random.sample(
                    ["level", "role_title", "role_code"], random.randint(1, 2)
                )
            },
        )
        for n in range(5)
    ]

    ends = set()
    for order in permutations(words):
        history: list[Entry] = []
        for day, patch in order:
            history = lay(history, day, **patch)
        ends.add(tuple(history))

    assert len(ends) == 1
