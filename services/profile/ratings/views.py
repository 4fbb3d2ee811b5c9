"""What the gateway reads of ratings."""

from typing import cast

from sqlalchemy import Table, Text, any_
from sqlalchemy import cast as cast_sql

from services.profile.ratings.models import Rating
from services.profile.ratings.queries import readable
from shared.views import Argument, View, column, columns, elements, global_id

STATES = {
    "states": Argument(
        str, lambda row, states: cast_sql(row.state, Text) == any_(states), many=True
    )
}

ratings: View = View(
    name="ratings",
    source=cast(Table, Rating.__table__),
    visible=readable,
    fields={
        "id": global_id("Rating"),
        **columns("personId", "raterId", "askedById", "state", "message", "dueOn"),
        **columns("askedAt", "closedAt", "closingWords"),
        "version": column("sequence"),
        "items": elements("items", "skillId", "level", "comment", "assertionId"),
    },
    lists={"person": "person_id", "rater": "rater_id"},
    order=("-asked_at", "-id"),
    arguments=STATES,
)
