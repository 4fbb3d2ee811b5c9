"""What HR systems tell of units."""

import pytest

from tests.services.profile.hris import Hris


@pytest.fixture
def hris(profile):
    return Hris(profile)


async def test_a_unit_circle_is_refused_and_the_name_holds(hris):
    await hris.unit("a", name="A", unitType="DEPARTMENT")
    await hris.unit("b", name="B", unitType="SQUAD", parentKey="a")
    await hris.unit("a", name="AA", parentKey="b")

    units = [
        (each["key"], each["parent"], each["name"], each["type"]) for each in await hris.units()
    ]
    assert units == [("a", None, "AA", "DEPARTMENT"), ("b", "a", "B", "TEAM")]
    assert await hris.waiting() == [("ORG_UNIT", "parentKey", "CIRCULAR_ORGANISATION")]
