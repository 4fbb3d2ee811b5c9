"""`/assessments/results/{id}/hexagon.svg`: a result of interests as a picture, for whom the result is shown to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from services.profile.accesses.commands import noted
from services.profile.assessments import queries, results
from services.profile.assessments.hexagon import LETTERS, Interests, hexagon
from shared import files
from shared.door import Acting, Transaction, router
from shared.problems import NotFound

routes = router("/assessments", "assessments")


@routes.get(
    "/results/{result_id}/hexagon.svg",
    response_class=Response,
    responses=files.documented(files.SVG, "A hexagon with a text alternative."),
)
async def draw_interests(session: Transaction, principal: Acting, result_id: UUID) -> Response:
    """The six areas of one result of interests, that can be read without colour."""
    result = await queries.result(session, principal, result_id)
    await noted(session, principal, what="ASSESSMENT_RESULTS", people=[result.person_id])
    told = await results.read(session, result)
    return files.drawing(hexagon(_interests(told.report)))


def _interests(report: Mapping[str, Any]) -> Interests:
    """Raises `NotFound` for a result of anything else."""
    areas = {each["code"]: each for each in report["scales"] if each["code"] in LETTERS}
    if len(areas) < len(LETTERS) or len(report["scales"]) > len(LETTERS):
        raise NotFound("This result has no six areas of interest to draw.")
    return Interests(
        title=report["name"],
        scores={letter: areas[letter]["raw"] for letter in LETTERS},
        names={letter: areas[letter]["name"] for letter in LETTERS},
        low=min(each["lowest"] for each in areas.values()),
        high=max(each["highest"] for each in areas.values()),
        code=report["typeCode"],
        note=report["normedNote"],
    )
