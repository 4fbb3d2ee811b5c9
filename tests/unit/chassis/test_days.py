"""Days that nobody means, such as Python's first and last, are refused where they come in."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.schemas import Day, Input


class Planned(Input):
    """What a caller may send."""

    due_on: date | None = None
    starts_at: datetime | None = None


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "9999-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_refused_by_name(day: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Planned.model_validate({"dueOn": day, "startsAt": f"{day}T12:00:00Z"})

    assert [(each["loc"], each["msg"]) for each in refused.value.errors()] == [
        ((name,), "Value error, choose a day between the years 1000 and 9998")
        for name in ("dueOn", "startsAt")
    ]
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(day)


def test_every_other_day_is_as_it_was() -> None:
    planned = Planned.model_validate({"dueOn": "1000-01-01", "startsAt": "9998-12-31T23:59:59Z"})

    assert planned.due_on == date(1000, 1, 1)
    assert planned.starts_at == datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert Planned().due_on is None
