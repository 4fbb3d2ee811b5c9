"""What the operator's commands print and how they read what is typed."""

from datetime import UTC, datetime

import pytest

from deploy.cli import tailing
from deploy.cli.arguments import in_utc
from deploy.cli.output import write_table
from deploy.cli.reaching import NoSuchService


def test_a_table_is_as_wide_as_its_longest_values(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": 1, "name": "a long name", "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC)}]

    write_table([*rows, {"id": 20, "name": None}], ("id", "name", "at"), none="none")
    write_table([], ("id",), none="none")

    assert capsys.readouterr().out.splitlines() == [
        "id  name         at",
        "1   a long name  2026-01-02 03:04:00",
        "20  -            -",
        "none",
    ]


@pytest.mark.parametrize(
    ("service", "type", "expected"),
    [
        ("goals", None, ["waymark.goals.*.*.*"]),
        ("gateway", None, ["waymark.integrations.*.*.*"]),
        ("goals", "goal.*", ["waymark.goals.goal.*.*"]),
        (None, "waymark.goals.goal.progressed.v1", ["waymark.goals.goal.progressed.v1"]),
    ],
)
def test_a_type_is_written_short_or_whole(
    service: str | None, type: str | None, expected: list[str]
) -> None:
    assert tailing._patterns(service, type) == expected


@pytest.mark.parametrize("type", ["goal", "waymark.goals.goal", "a.b.c"])
def test_a_type_that_is_none_is_refused(type: str) -> None:
    with pytest.raises(tailing.NoSuchType):
        tailing._patterns("goals", type)


def test_a_service_that_is_none_is_refused_with_their_names() -> None:
    with pytest.raises(NoSuchService, match="profile, goals, feedback, gateway"):
        tailing._patterns("payroll", None)


def test_a_time_without_a_zone_is_utc() -> None:
    naive = datetime(2026, 1, 2)  # noqa: DTZ001

    assert in_utc(naive) == datetime(2026, 1, 2, tzinfo=UTC)
    assert in_utc(None) is None
