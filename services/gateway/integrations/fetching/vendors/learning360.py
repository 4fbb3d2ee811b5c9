"""360Learning's API of version 2: the learners of one path session, and those of all; client credentials."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pydantic import AliasChoices, Field

from services.gateway.integrations.fetching.calling import (
    Access,
    Caller,
    ClientCredentials,
    NotThere,
    Unanswered,
    Unfetchable,
)
from services.gateway.integrations.fetching.vendors.terms import Record, VendorApi
from services.gateway.integrations.webhooks.events import (
    CourseReference,
    LearningCompleted,
    LearningEnrolled,
    PersonReference,
    Said,
)
from services.gateway.integrations.webhooks.mapping import Origin, Unmappable
from services.gateway.integrations.webhooks.mapping.terms import Id, Moment, Sent, Word, read_as

VERSION = {"360-api-version": "v2.0"}
STATISTICS = "/api/v2/paths/stats"
PAGE = 1_000
SUCCESSFUL = "successful"


class Learning360:
    """Statistics are of a learner in a session; a path may have several, and a learner may be in more than one."""

    def __init__(self, access: Access) -> None:
        authorize = ClientCredentials(access, "/api/v2/oauth2/token", form=False, headers=VERSION)
        self._api = Caller(access, authorize)

    async def one(self, kind: str, external_id: str) -> bytes | None:
        path_id, parted, session_id = external_id.partition("/")
        if kind != "path_session" or not parted:
            raise Unfetchable(f"Of 360Learning, {kind} is not asked for.")
        path = f"/api/v2/paths/{quote(path_id, safe='')}/sessions/{quote(session_id, safe='')}"
        learners: list[Any] = []
        try:
            async for page in self._api.pages(f"{path}/user-stats"):
                learners += page
        except NotThere:
            return None
        return json.dumps(learners).encode()

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        """Held back until all pages have come: another session of the same path may say more of a learner."""
        found: dict[str, dict[str, Any]] = {}
        try:
            async for page in self._api.patient().pages(STATISTICS):
                for told in page:
                    kept = _kept(told)
                    learner = f"{kept['userId']}/{kept['pathId']}"
                    found[learner] = max(found.get(learner, kept), kept, key=_weight)
        except NotThere:
            raise Unanswered("The platform has no statistics of paths.") from None
        records = [
            Record("enrolment", name, json.dumps(each).encode()) for name, each in found.items()
        ]
        for start in range(0, len(records), PAGE):
            yield records[start : start + PAGE]


def _kept(told: Any) -> dict[str, Any]:
    """The few members that facts are made of."""
    names = ("userId", "pathId", "completedAt", "status")
    kept = {name: told.get(name) for name in names} if isinstance(told, dict) else {}
    if not kept.get("userId") or not kept.get("pathId"):
        raise Unanswered("The listing holds a statistic without userId or pathId.")
    return kept


def _weight(kept: dict[str, Any]) -> tuple[bool, str]:
    """The newest completion of a learner, if there is any."""
    status = kept["status"] if isinstance(kept["status"], dict) else {}
    completed = bool(kept["completedAt"]) and status.get("type", SUCCESSFUL) == SUCCESSFUL
    return completed, str(kept["completedAt"] or "")


class _Status(Sent):
    type: Word = SUCCESSFUL


class _Learner(Sent):
    user_id: Id = Field(validation_alias=AliasChoices("userId", "_id"))
    completed_at: Moment | None = Field(default=None, validation_alias="completedAt")
    status: _Status | None = None

    @property
    def succeeded_at(self) -> datetime | None:
        """All steps may have been gone through without success."""
        failed = self.status is not None and self.status.type != SUCCESSFUL
        return None if failed else self.completed_at


def facts(kind: str, external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    """It does not say since when somebody is enrolled: since now at the latest."""
    try:
        told = json.loads(content)
    except ValueError:
        raise Unmappable("body: Invalid JSON") from None
    if kind == "enrolment":
        return [_fact(read_as(_Learner, told), external_id.partition("/")[2], origin)]
    return [_fact(read_as(_Learner, each), external_id.partition("/")[0], origin) for each in told]


def _fact(learner: _Learner, path_id: str, origin: Origin) -> Said:
    common: dict[str, Any] = {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": origin.sent_at,
        "person": PersonReference(external_id=learner.user_id),
        "course": CourseReference(provider=origin.course_provider, code=path_id),
    }
    if learner.succeeded_at is not None:
        return LearningCompleted(**common, completed_at=learner.succeeded_at)
    return LearningEnrolled(**common, enrolled_at=origin.sent_at)


API = VendorApi(connect=Learning360, facts=facts, needs_client_id=True, lists="enrolment")
