"""Docebo: all enrolments by `GET /course/v1/courses/enrollments`; client credentials. Its webhooks hint at nothing.

An enrolment has the fields of its webhooks under other names, so it is read by their mapper.
"""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from services.gateway.integrations.fetching.calling import (
    Access,
    Caller,
    ClientCredentials,
    Unanswered,
    Unfetchable,
)
from services.gateway.integrations.fetching.vendors.terms import Record, VendorApi
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import Origin, docebo
from services.gateway.integrations.webhooks.mapping.terms import read_object

ENROLMENTS = "/course/v1/courses/enrollments"
PAGE = 200


class Docebo:
    """The platform's own host has the API and gives the tokens."""

    def __init__(self, access: Access) -> None:
        authorize = ClientCredentials(access, "/oauth2/token", further={"scope": "api"})
        self._api = Caller(access, authorize)

    async def one(self, kind: str, _external_id: str) -> bytes | None:
        raise Unfetchable(f"Of Docebo, {kind} is not asked for.")

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        api = self._api.patient()
        page = 1
        while True:
            answer = await api.get(ENROLMENTS, {"page": page, "page_size": PAGE})
            told = _object(answer.content).get("data") if answer else None
            items = _object(told).get("items")
            if not isinstance(items, list):
                raise Unanswered("The answer holds no data.items.")
            yield [_record(each) for each in items]
            if not _object(told).get("has_more_data"):
                return
            if not items:
                raise Unanswered("The listing's pages do not end.")
            page += 1


def facts(_kind: str, _external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    told = read_object(content) or {}
    completed = str(told.get("enrollment_status") or "") == "completed"
    payload = {
        "fired_at": origin.sent_at.isoformat(),
        "user_id": told.get("user_id"),
        "username": told.get("username"),
        "course_id": told.get("course_id"),
        "course_code": told.get("course_code"),
        "enrollment_date": told.get("enrollment_created_at"),
        "completion_date": told.get("enrollment_completion_date"),
    }
    event = docebo.COMPLETED if completed else docebo.ENROLLED
    return docebo.read(json.dumps({"event": event, "payload": payload}).encode(), origin).facts


def _record(told: Any) -> Record:
    user, course = _object(told).get("user_id"), _object(told).get("course_id")
    if not user or not course:
        raise Unanswered("The listing holds an enrolment without user_id or course_id.")
    return Record("enrolment", f"{user}/{course}", json.dumps(told).encode())


def _object(told: object) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


API = VendorApi(connect=Docebo, facts=facts, needs_client_id=True, lists="enrolment")
