"""What the gateway reads of experts."""

from uuid import UUID

from sqlalchemy import ColumnElement

from services.profile.expertise.queries import experts as search
from services.profile.people.views import people
from services.profile.policy import POLICY
from shared.tenancy import Principal
from shared.views import Argument, Columns, One, View, columns, global_id


def _visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "EXPERTISE", "FIND", row.person_id)


experts: View = View(
    name="experts",
    source=search,
    visible=_visible,
    fields={
        "id": global_id("Person"),
        **columns("personId", "skillId", "band", "ordinal"),
        **columns("estimate", "intervalLow", "intervalHigh"),
        "person": One(lambda: people, on="person_id"),
    },
    order=("place", "id"),
    arguments={
        "skillId": Argument(UUID),
        "orgUnitId": Argument(UUID),
        "atLeast": Argument(int),
    },
)
