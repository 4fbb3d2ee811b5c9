"""What every vendor's mapper does with pings, events of other kinds, and junk."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.webhooks.mapping import Unmappable
from tests.unit.integrations.mapped import mapped
from tests.unit.integrations.test_inbound_learning import (
    ATTEMPT,
    DONE,
    LIVE,
    canvas,
    docebo,
    moodle,
)
from tests.unit.integrations.test_inbound_open_edx import CERTIFICATE, edx
from tests.unit.integrations.test_inbound_people import bamboo, bob

FOREIGN = {
    Vendor.LEARNING_360: ATTEMPT | {"type": "path.created"},
    Vendor.DOCEBO: docebo("user.created"),
    Vendor.CANVAS: canvas("logged_in", {}),
    Vendor.MOODLE: moodle("user_loggedin"),
    Vendor.OPEN_EDX: edx("auth.session.login.completed"),
    Vendor.HIBOB: bob("timeoff.request.approved"),
    Vendor.PERSONIO: {
        "event_name": "absence-period.created",
        "occurred_at": "2026-11-20T09:00:00Z",
        "payload": {},
    },
}
VENDORS = [vendor for vendor in Vendor if vendor is not Vendor.GENERIC]


@pytest.mark.parametrize("vendor", FOREIGN)
def test_an_event_of_another_kind_is_ignored(vendor):
    assert mapped(vendor, FOREIGN[vendor]).ignored == "Events of this type are not mapped."


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("body", [b"", b"  \n", b'"registration ping"', b"null", b"[]", b"1"])
def test_a_ping_is_ignored(vendor, body):
    assert mapped(vendor, body).ignored == "A ping: no object, no event."


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 5000, b"{}"])
def test_what_cannot_be_read_is_unmappable(vendor, body):
    with pytest.raises(Unmappable):
        mapped(vendor, body)


SAMPLES: dict[Vendor, Any] = {
    Vendor.LEARNING_360: ATTEMPT,
    Vendor.DOCEBO: DONE,
    Vendor.CANVAS: LIVE,
    Vendor.MOODLE: moodle("course_completed"),
    Vendor.OPEN_EDX: edx("certificate.created", certificate=CERTIFICATE),
    Vendor.BAMBOOHR: bamboo(fields={"Job Title": "Engineer"}),
    Vendor.HIBOB: bob("employee.updated", fieldUpdates=[{"id": "root.firstName"}]),
    Vendor.PERSONIO: FOREIGN[Vendor.PERSONIO] | {"event_name": "person.updated"},
}
JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def places(told: Any) -> list[tuple[Any, ...]]:
    if not isinstance(told, dict):
        return []
    return [(name,) for name in told] + [
        (name, *rest) for name in told for rest in places(told[name])
    ]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.sampled_from(VENDORS), JUNK, st.randoms(use_true_random=False))
def test_no_value_anywhere_makes_a_mapper_fail(vendor, junk, random):
    told = json.loads(json.dumps(SAMPLES[vendor]))
    *path, last = random.choice(places(told))
    part = told
    for name in path:
        part = part[name]
    part[last] = junk

    try:
        said = mapped(vendor, told)
    except Unmappable:
        return
    assert all("\x00" not in wanted.external_id for wanted in said.fetch_backs)
    json.dumps([fact.model_dump(mode="json") for fact in said.facts])
