"""Gaps as pictures and tables: beside the doors of the same as JSON, for the same readers, with the same problems."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from services.goals.gaps import heat_map_picture, picture, picture_queries
from services.goals.gaps.picture import DrawnGap
from services.goals.gaps.queries import When
from services.goals.gaps.routes import AsOf, KnownAt, RoleId
from shared import files
from shared.door import Acting, Transaction, router

routes = router("/gaps", "gaps")


async def _drawn(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    role_id: RoleId = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> DrawnGap:
    when = When(as_of, known_at)
    return await picture_queries.gap_of_person(
        session, principal, person_id=person_id, role_id=role_id, when=when
    )


Drawn = Annotated[DrawnGap, Depends(_drawn)]


@routes.get(
    "/gap.svg",
    response_class=Response,
    responses=files.documented(files.SVG, "A dot plot with a text alternative."),
)
async def draw_gap(gap: Drawn) -> Response:
    """One's own or a person's gap as a dot plot that can be read without colour."""
    return files.drawing(picture.dot_plot(gap))


@routes.get(
    "/gap.csv",
    response_class=Response,
    responses=files.documented(files.CSV, "A row a required skill, the widest gap first."),
)
async def tabulate_gap(gap: Drawn) -> Response:
    """One's own or a person's gap as a table for spreadsheets."""
    return files.table("gap.csv", picture.HEADS, picture.rows(gap))


@routes.get(
    "/heat-map.svg",
    response_class=Response,
    responses=files.documented(files.SVG, "A heat map with a text alternative."),
)
async def draw_heat_map(
    session: Transaction,
    principal: Acting,
    org_unit_id: Annotated[UUID, Query(alias="orgUnitId")],
) -> Response:
    """Gaps and coverage of a unit and those right below it, that can be read without colour."""
    told = await picture_queries.heat_map_of_unit(session, principal, org_unit_id=org_unit_id)
    return files.drawing(heat_map_picture.heat_map(told))
