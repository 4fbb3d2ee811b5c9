"""What the gateway reads of gaps: computed for the people that it asks for, in the statement that it asks with."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, FromClause, literal_column, select

from services.goals.gaps import demands, engine
from services.goals.gaps.queries import visible
from services.goals.roles.views import ROLES
from shared.tenancy import Principal
from shared.views import Argument, One, View, columns, elements, part
from shared.views.declare import Arguments

TODAY = literal_column("(now() AT TIME ZONE 'UTC')::date", Date())


def _gaps(_principal: Principal, arguments: Arguments) -> FromClause:
    """Nothing for a day that has passed: the copy holds the newest estimates only."""
    day: Any = arguments.get("asOf")
    gap = engine.summaries(demands.of_roles(arguments.get("roleId")), TODAY if day is None else day)
    return gap if day is None else select(gap).where(gap.c.as_of >= TODAY).subquery()


TRACE = part(
    "trace",
    part("estimate", "level", "mass", "variance", "asOf", "halfLifeMonths", "rule"),
    part("decay", "days", "factor", "mass"),
    "half",
    part(
        "contributions",
        "assertionId",
        "source",
        "level",
        "weight",
        "decay",
        "occurredOn",
        "shift",
        "levelWithout",
        "insteadId",
    ),
)

GAPS = View(
    name="gaps",
    source=_gaps,
    visible=visible,
    fields={
        **columns("personId", "roleId", "roleVersion", "targetType", "asOf", "engineVersion"),
        **columns("readiness", "readinessLow", "readinessHigh", "unassessedShare"),
        **columns("gapCount", "unassessedCount", "blockers"),
        "role": One(lambda: ROLES, on="role_id"),
        "items": elements(
            "items", "skillId", "status", "asIs", "intervalLow", "intervalHigh", "confidence",
            "required", "gap", "weight", "mandatory", "blocker", TRACE,
            dear="trace", without="untraced_items",
        ),
    },
    key="person_id",
    lists={"person": "person_id"},
    order=("person_id",),
    arguments={"roleId": Argument(UUID), "asOf": Argument(date)},
)  # fmt: skip

VIEWS = (GAPS,)
