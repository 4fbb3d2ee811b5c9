"""The doors of the weights."""

from collections.abc import Sequence

from fastapi import Response

from services.profile.weights import commands, queries
from services.profile.weights.schemas import WeightsChange, WeightsRead
from shared.door import Acting, ExpectedVersion, Transaction, etag, router

routes = router("/weights", "weights")


@routes.get("", response_model=WeightsRead)
async def read_weights(response: Response, session: Transaction, principal: Acting) -> WeightsRead:
    """What a new word of each source weighs now."""
    newest = (await queries.versions(session, principal))[0]
    etag(response, newest.version)
    return newest


@routes.get("/versions", response_model=list[WeightsRead])
async def list_versions(session: Transaction, principal: Acting) -> Sequence[WeightsRead]:
    """Who changed what, when and why, the newest first; the last one is what Waymark brings along."""
    return await queries.versions(session, principal)


@routes.put("", response_model=WeightsRead)
async def change_weights(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    changes: WeightsChange,
) -> WeightsRead:
    """Sets weights; all estimates follow within a while, by a job."""
    await commands.change(session, principal, expected=expected, changes=changes)
    return await read_weights(response, session, principal)
