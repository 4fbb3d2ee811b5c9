"""What the gateway reads of unused skills."""

from typing import Any

from sqlalchemy import ColumnElement, Double, FromClause, literal_column

from services.goals.accesses.rules import Kept
from services.goals.utilisation.queries import unused, visible
from services.goals.utilisation.rules import HELD_FROM
from shared.tenancy import Principal
from shared.views import Argument, Logged, View, columns
from shared.views.declare import Arguments, column

USUAL: ColumnElement[float] = literal_column(f"{HELD_FROM!r}::float8", Double())


def _unused(_principal: Principal, arguments: Arguments) -> FromClause:
    asked: Any = arguments.get("atLeast")
    return unused(USUAL if asked is None else asked)


UNUSED_SKILLS = View(
    name="unused_skills",
    source=_unused,
    visible=visible,
    fields={
        "id": column("id"),
        **columns("personId", "skillId", "roleId", "level", "intervalLow", "intervalHigh"),
    },
    lists={"person": "person_id"},
    order=("-interval_low", "id"),
    arguments={"atLeast": Argument(float)},
    logged=Logged(Kept.UNUSED_SKILLS),
)

VIEWS = (UNUSED_SKILLS,)
