"""What each part of an introduction sees of it: a no must look to the others like no answer."""

from itertools import product

import pytest

from services.profile.network.rules import IntroductionState, Part, shown_state

REQUESTER, INTRODUCER, TARGET = Part.REQUESTER, Part.INTRODUCER, Part.TARGET


def seen(part, *, offered=False, accepted=False, declined_by=None, expired=False):
    state = shown_state(
        part, offered=offered, accepted=accepted, declined_by=declined_by, expired=expired
    )
    return state and state.value


@pytest.mark.parametrize(
    ("row", "requester", "introducer", "target"),
    [
        ({}, "ASKED", "ASKED", None),
        ({"declined_by": INTRODUCER}, "ASKED", "DECLINED", None),
        ({"offered": True}, "ASKED", "OFFERED", "OFFERED"),
        ({"offered": True, "declined_by": TARGET}, "ASKED", "OFFERED", "DECLINED"),
        ({"offered": True, "accepted": True}, "ACCEPTED", "ACCEPTED", "ACCEPTED"),
        ({"expired": True}, "EXPIRED", "EXPIRED", None),
        ({"offered": True, "expired": True}, "EXPIRED", "EXPIRED", "EXPIRED"),
        ({"declined_by": INTRODUCER, "expired": True}, "EXPIRED", "DECLINED", None),
        (
            {"offered": True, "declined_by": TARGET, "expired": True},
            "EXPIRED",
            "EXPIRED",
            "DECLINED",
        ),
    ],
)
def test_who_sees_what_of_an_introduction(row, requester, introducer, target):
    assert [seen(part, **row) for part in (REQUESTER, INTRODUCER, TARGET)] == [
        requester,
        introducer,
        target,
    ]


@pytest.mark.parametrize(("offered", "expired"), [*product((False, True), repeat=2)])
def test_the_requester_cannot_tell_a_no_from_no_answer(offered, expired):
    silent = seen(REQUESTER, offered=offered, expired=expired)

    decliners = (INTRODUCER, TARGET) if offered else (INTRODUCER,)
    for who in decliners:
        assert seen(REQUESTER, offered=offered, expired=expired, declined_by=who) == silent
    assert silent in {IntroductionState.ASKED, IntroductionState.EXPIRED}
