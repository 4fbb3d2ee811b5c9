"""The doors of exports."""

from uuid import UUID

from fastapi import Response, status

from services.profile.exports import commands
from services.profile.exports.schemas import ExportRead
from shared.door import Acting, Transaction, router

orders = router("/people", "exports")
routes = router("/exports", "exports")
ZIP = "application/zip"


@orders.post("/{person_id}/export", response_model=ExportRead, status_code=status.HTTP_202_ACCEPTED)
async def order_export(
    response: Response, session: Transaction, principal: Acting, person_id: UUID
) -> ExportRead:
    """Gathers everything that is held about you; it is ready soon, and stays for a day."""
    export = await commands.order(session, principal, person_id=person_id)
    response.headers["Location"] = f"/exports/{export.id}"
    return commands.shown(export)


@routes.get("/{export_id}", response_model=ExportRead)
async def read_export(session: Transaction, principal: Acting, export_id: UUID) -> ExportRead:
    """How far your export is, and its manifest."""
    return commands.shown(await commands.find(session, principal, export_id))


@routes.get(
    "/{export_id}/archive",
    response_class=Response,
    responses={200: {"description": "The files and their manifest.", "content": {ZIP: {}}}},
)
async def read_archive(session: Transaction, principal: Acting, export_id: UUID) -> Response:
    """A ZIP with files of JSON and `manifest.json`, which has the SHA-256 of each."""
    content = await commands.archive(session, principal, export_id)
    disposition = f'attachment; filename="waymark-{export_id}.zip"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, media_type=ZIP, headers=headers)
