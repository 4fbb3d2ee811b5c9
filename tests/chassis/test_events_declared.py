"""What a service says it tells and hears."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import events
from shared.events.handlers import Handlers, covers
from shared.tenancy import Principal
from tests.chassis.listener import (
    PersonRegistered,
    PersonSnapshot,
    PersonUpdated,
    handlers,
)


def test_the_asyncapi_document_is_the_same_each_time() -> None:
    facts = [PersonUpdated, PersonRegistered]

    document = events.asyncapi(handlers, facts)

    assert document == events.asyncapi(handlers, reversed(facts))
    assert list(document["channels"]) == [
        "waymark.profile.person.*.v1",
        "waymark.profile.person.registered.v1",
        "waymark.profile.person.updated.v1",
    ]
    assert list(document["operations"]) == [
        "send.waymark.profile.person.registered.v1",
        "send.waymark.profile.person.updated.v1",
        "profile-people.waymark.profile.person.*.v1.copy_person",
    ]
    assert list(document["components"]["schemas"]) == [
        "PersonRegistered",
        "PersonSnapshot",
        "PersonUpdated",
    ]
    assert document["components"]["schemas"]["PersonSnapshot"]["required"] == ["displayName"]


@pytest.mark.parametrize(
    ("pattern", "event_type", "expected"),
    [
        ("waymark.profile.person.*.v1", "waymark.profile.person.updated.v1", True),
        ("waymark.profile.*.*.v1", "waymark.profile.person.*.v1", True),
        ("waymark.profile.person.*.v1", "waymark.profile.*.*.v1", False),
        ("waymark.profile.person.*.v1", "waymark.profile.person.updated.v2", False),
    ],
)
def test_a_pattern_covers(pattern: str, event_type: str, expected: bool) -> None:
    assert covers(pattern, event_type) is expected


def test_a_group_asks_the_broker_for_subjects_that_do_not_overlap() -> None:
    mine = Handlers("goals")
    for pattern in ("waymark.profile.person.*.v1", "waymark.profile.person.updated.v1"):
        mine.on(pattern, group="people")(_ignore)

    assert mine.groups["people"].filters() == ["waymark.profile.person.*.v1.*"]
    with pytest.raises(ValueError, match="give feedback another group"):
        mine.on("waymark.feedback.check_in.held.v1", group="people")(_ignore)
    with pytest.raises(ValueError, match="is not waymark"):
        mine.on("person.*", group="people")(_ignore)


async def _ignore(
    session: AsyncSession, principal: Principal, event: events.Incoming[PersonSnapshot]
) -> None:
    """Takes note of nothing."""
