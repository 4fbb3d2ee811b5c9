"""360Learning's API of version 2: the learners of a path session; client credentials."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import AliasChoices, Field

from services.gateway.integrations.fetching.calling import (
    Access,
    Caller,
    ClientCredentials,
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
from services.gateway.integrations.webhooks.mapping.terms import Id, Moment, Sent, read_as

VERSION = {"360-api-version": "v2.0"}
MOST_PAGES = 500
NEXT = re.compile(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?')


class Learning360:
    """The next page stands in the Link header; only its query is taken."""

    def __init__(self, access: Access) -> None:
        authorize = ClientCredentials(access, "/api/v2/oauth2/token", form=False, headers=VERSION)
        self._api = Caller(access, authorize)

    async def one(self, kind: str, external_id: str) -> bytes | None:
        path_id, parted, session_id = external_id.partition("/")
        if kind != "path_session" or not parted:
            raise Unfetchable(f"Of 360Learning, {kind} is not asked for.")
        path = f"/api/v2/paths/{quote(path_id, safe='')}/sessions/{quote(session_id, safe='')}"
        query: dict[str, str | int] = {}
        learners: list[Any] = []
        for _ in range(MOST_PAGES):
            answer = await self._api.get(f"{path}/user-stats", query)
            if answer is None:
                return None
            if not isinstance(answer.content, list):
                raise Unanswered("The answer is no list of learners.")
            learners += answer.content
            following = NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return json.dumps(learners).encode()
            query = dict(parse_qsl(urlsplit(following[1]).query))
        raise Unanswered("The learners' pages do not end.")

    def listing(self) -> AsyncIterator[Sequence[Record]]:
        raise Unfetchable("The listing of 360Learning is not read.")


class _Learner(Sent):
    user_id: Id = Field(validation_alias=AliasChoices("userId", "_id"))
    completed_at: Moment | None = Field(default=None, validation_alias="completedAt")


def facts(_kind: str, external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    """It does not say since when somebody is enrolled: since now at the latest."""
    try:
        told = json.loads(content)
    except ValueError:
        raise Unmappable("body: Invalid JSON") from None
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
    if learner.completed_at is not None:
        return LearningCompleted(**common, completed_at=learner.completed_at)
    return LearningEnrolled(**common, enrolled_at=origin.sent_at)


API = VendorApi(connect=Learning360, facts=facts, needs_client_id=True)
