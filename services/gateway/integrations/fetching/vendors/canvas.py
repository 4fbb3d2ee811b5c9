"""Canvas: the learners of a course and how far they are; an administrator's access token as bearer.

Being complete is a matter of a course's module requirements: where there are none, Canvas knows of no completion (400).
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from services.gateway.integrations.fetching.calling import (
    Access,
    Answer,
    Caller,
    NotThere,
    Unanswered,
    Unfetchable,
    bearer,
)
from services.gateway.integrations.fetching.vendors.terms import Record, VendorApi
from services.gateway.integrations.webhooks.events import (
    CourseReference,
    LearningCompleted,
    LearningEnrolled,
    PersonReference,
    Said,
)
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping.terms import Id, Maybe, Moment, Sent, read_as

PAGE = ("per_page", "100")
COURSES = "/api/v1/accounts/self/courses"
TAUGHT = [("with_enrollments", "true"), ("published", "true"), PAGE]
LEARNERS = [
    ("type[]", "StudentEnrollment"),
    *[("state[]", state) for state in ("active", "invited", "completed")],
    PAGE,
]
NO_MODULES = 400


class Canvas:
    """Ids are those of the asked host; somebody may be enrolled in a course several times, by sections."""

    def __init__(self, access: Access) -> None:
        self._api = Caller(access, bearer(access.secret))

    async def one(self, kind: str, external_id: str) -> bytes | None:
        course, parted, user = external_id.partition("/")
        if kind != "enrolment" or not parted:
            raise Unfetchable(f"Of Canvas, {kind} is not asked for.")
        path = f"/api/v1/courses/{quote(course, safe='')}"
        try:
            learners = await _learners(self._api, path, [("user_id", user)])
        except NotThere:
            return None
        if user not in learners:
            return None
        answer = await _progress(self._api, f"{path}/users/{quote(user, safe='')}/progress")
        return _told(learners[user], answer.content if answer else None)

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        """Course by course."""
        api = self._api.patient()
        async for courses in api.pages(COURSES, TAUGHT):
            for course in courses:
                yield await _course(api, _id(course, "id"))


async def _course(api: Caller, course: str) -> Sequence[Record]:
    """Nothing for a course that has gone since it was listed."""
    path = f"/api/v1/courses/{quote(course, safe='')}"
    try:
        learners = await _learners(api, path)
    except NotThere:
        return []
    progress = await _progress_of_all(api, path) if learners else {}
    return [
        Record("enrolment", f"{course}/{user}", _told(enrolment, progress.get(user)))
        for user, enrolment in learners.items()
    ]


async def _learners(
    api: Caller, path: str, further: Sequence[tuple[str, str]] = ()
) -> Mapping[str, Any]:
    """By user the enrolment that was made first. Raises `NotThere`."""
    learners: dict[str, Any] = {}
    async for page in api.pages(f"{path}/enrollments", [*LEARNERS, *further]):
        for enrolment in page:
            user = _id(enrolment, "user_id")
            before = learners.setdefault(user, enrolment)
            if str(enrolment.get("created_at")) < str(before.get("created_at")):
                learners[user] = enrolment
    return learners


async def _progress_of_all(api: Caller, path: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    try:
        async for page in api.pages(f"{path}/bulk_user_progress", [PAGE]):
            found |= {_id(each, "id"): each.get("progress") for each in page}
    except NotThere:
        return {}
    except Unanswered as why:
        if why.status != NO_MODULES:
            raise
    return found


async def _progress(api: Caller, path: str) -> Answer | None:
    try:
        return await api.get(path)
    except Unanswered as why:
        if why.status != NO_MODULES:
            raise
        return None


def _told(enrolment: Any, progress: Any) -> bytes:
    return json.dumps({"enrolment": enrolment, "progress": progress}).encode()


def _id(told: Any, name: str) -> str:
    found = told.get(name) if isinstance(told, dict) else None
    if not found:
        raise Unanswered(f"The answer holds something without {name}.")
    return str(found)


class _User(Sent):
    login_id: Maybe = None


class _Enrolment(Sent):
    user_id: Id
    course_id: Id
    sis_course_id: Id | None = None
    created_at: Moment
    user: _User | None = None


class _Progress(Sent):
    completed_at: Moment | None = None


class _Told(Sent):
    enrolment: _Enrolment
    progress: _Progress | None = None


def facts(_kind: str, _external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    told = read_as(_Told, content)
    enrolment = told.enrolment
    login = enrolment.user.login_id if enrolment.user else None
    common: dict[str, Any] = {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": origin.sent_at,
        "person": PersonReference(
            external_id=enrolment.user_id, email=login if login and "@" in login else None
        ),
        "course": CourseReference(
            provider=origin.course_provider,
            code=enrolment.sis_course_id or enrolment.course_id,
        ),
    }
    if told.progress and told.progress.completed_at:
        return [LearningCompleted(**common, completed_at=told.progress.completed_at)]
    return [LearningEnrolled(**common, enrolled_at=enrolment.created_at)]


API = VendorApi(connect=Canvas, facts=facts, needs_client_id=False, lists="enrolment")
