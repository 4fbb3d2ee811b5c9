"""The gap of one as a picture and as a table: beside `GET /gaps`, for the same readers, with the same problems."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.goals.gaps import picture, picture_queries
from services.goals.gaps.routes import AsOf, RoleId
from shared import files
from shared.door import Acting, Transaction, router

routes = router("/gaps", "gaps")

PersonId = Annotated[UUID | None, Query(alias="personId")]


@routes.get(
    "/gap.svg",
    response_class=Response,
    responses=files.documented(files.SVG, "A dot plot with a text alternative."),
)
async def draw_gap(
    session: Transaction,
    principal: Acting,
    person_id: PersonId = None,
    role_id: RoleId = None,
    as_of: AsOf = None,
) -> Response:
    """One's own or a person's gap as a dot plot that can be read without colour."""
    gap = await picture_queries.drawn(
        session, principal, person_id=person_id, role_id=role_id, as_of=as_of
    )
    return files.drawing(picture.dot_plot(gap))


@routes.get(
    "/gap.csv",
    response_class=Response,
    responses=files.documented(files.CSV, "A row a required skill, the widest gap first."),
)
async def tabulate_gap(
    session: Transaction,
    principal: Acting,
    person_id: PersonId = None,
    role_id: RoleId = None,
    as_of: AsOf = None,
) -> Response:
    """One's own or a person's gap as a table for spreadsheets."""
    gap = await picture_queries.drawn(
        session, principal, person_id=person_id, role_id=role_id, as_of=as_of
    )
    return files.table("gap.csv", picture.HEADS, picture.rows(gap))
