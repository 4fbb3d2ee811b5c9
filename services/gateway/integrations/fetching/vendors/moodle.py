"""Moodle's web services: the badges of a person, and who is enrolled in which course; a token of the site's."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from typing import Any

from services.gateway.integrations.fetching.calling import (
    Access,
    Caller,
    Unanswered,
    Unfetchable,
    unauthorized,
)
from services.gateway.integrations.fetching.rules import DENIED
from services.gateway.integrations.fetching.vendors.terms import Record, VendorApi
from services.gateway.integrations.webhooks.events import (
    CourseReference,
    CredentialIssued,
    CredentialReference,
    LearningCompleted,
    LearningEnrolled,
    PersonReference,
    Said,
)
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping.terms import (
    Id,
    Maybe,
    Moment,
    Sent,
    Word,
    read_as,
)

DOOR = "/webservice/rest/server.php"
REFUSED = {
    "invalidtoken",
    "accessexception",
    "servicenotavailable",
    "nopermissions",
    "cannotviewreport",
}
UNTRACKED = {"usernotenroled", "notenroled"}
NO_CRITERIA = {"nocriteriaset"}
STAFF = {"manager", "coursecreator", "editingteacher", "teacher"}
SITE = "site"
"""The format of the front page, which is a course too."""
PAGE = 200
_NOTHING: Mapping[str, str] = {}


class Moodle:
    """Failures come as 200 with an `errorcode`."""

    def __init__(self, access: Access) -> None:
        self._api = Caller(access, unauthorized)
        self._token = access.secret

    async def one(self, kind: str, external_id: str) -> bytes | None:
        person, parted, badge = external_id.partition("/")
        if kind != "badge" or not parted:
            raise Unfetchable(f"Of Moodle, {kind} is not asked for.")
        told = await self._call(self._api, "core_badges_get_user_badges", {"userid": person})
        badges = told.get("badges") if isinstance(told, dict) else None
        if not isinstance(badges, list):
            raise Unanswered("The answer holds no badges.")
        mine = [each for each in badges if isinstance(each, dict) and str(each.get("id")) == badge]
        return json.dumps(mine[0]).encode() if mine else None

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        """Course by course; one request a learner where completion is tracked, for there is none of many."""
        api = self._api.patient()
        for course in _dicts(await self._call(api, "core_course_get_courses")):
            if course.get("format") == SITE:
                continue
            start = 0
            while learners := await self._enrolled(api, course, start):
                told = [await self._learner(api, course, each) for each in learners]
                yield [record for record in told if record is not None]
                start += PAGE

    async def _enrolled(
        self, api: Caller, course: dict[str, Any], start: int
    ) -> list[dict[str, Any]]:
        asked = {
            "courseid": _id(course),
            "options[0][name]": "limitfrom",
            "options[0][value]": str(start),
            "options[1][name]": "limitnumber",
            "options[1][value]": str(PAGE),
        }
        return _dicts(await self._call(api, "core_enrol_get_enrolled_users", asked))

    async def _learner(
        self, api: Caller, course: dict[str, Any], user: dict[str, Any]
    ) -> Record | None:
        """None for who is not there to learn."""
        told: dict[str, Any] = {
            "person": _id(user),
            "email": user.get("email"),
            "course": _id(course),
        }
        if str(course.get("enablecompletion", 1)) == "0":
            roles = {each.get("shortname") for each in _dicts(user.get("roles") or [])}
            if roles and roles <= STAFF:
                return None
        else:
            asked = {"courseid": _id(course), "userid": _id(user)}
            status = await self._call(
                api,
                "core_completion_get_course_completion_status",
                asked,
                borne=UNTRACKED | NO_CRITERIA,
            )
            if isinstance(status, str) and status in UNTRACKED:
                return None
            told |= _completion(status)
        return Record("enrolment", f"{_id(user)}/{_id(course)}", json.dumps(told).encode())

    async def _call(
        self,
        api: Caller,
        function: str,
        arguments: Mapping[str, str] = _NOTHING,
        *,
        borne: Set[str] = frozenset(),
    ) -> Any:
        """The code itself for one that is `borne`. Raises `Unanswered`."""
        asked = {
            "wstoken": self._token,
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **arguments,
        }
        answer = await api.post_form(DOOR, asked)
        if answer is None or not isinstance(answer.content, dict | list):
            raise Unanswered("The site has no web services at this address.")
        code = answer.content.get("errorcode") if isinstance(answer.content, dict) else None
        if code in borne:
            return code
        if code:
            pause = DENIED if str(code) in REFUSED else None
            raise Unanswered("The site refuses the call.", pause=pause)
        return answer.content


def _completion(told: Any) -> dict[str, Any]:
    """Of the day on which the last criterion was met: there is no other."""
    status = told.get("completionstatus") if isinstance(told, dict) else None
    if not isinstance(status, dict) or not status.get("completed"):
        return {}
    met = [each.get("timecompleted") for each in _dicts(status.get("completions"))]
    times = [each for each in met if isinstance(each, int) and each > 0]
    return {"completed": True, "completed_at": max(times, default=None)}


def _dicts(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise Unanswered("The answer is no list of objects.")
    return told


def _id(told: dict[str, Any]) -> str:
    if not told.get("id"):
        raise Unanswered("The answer holds something without id.")
    return str(told["id"])


class _Badge(Sent):
    id: Id
    name: Word
    issuername: Maybe = None
    dateissued: Moment
    dateexpire: Moment | None = None
    uniquehash: Maybe = None


class _Enrolment(Sent):
    person: Id
    course: Id
    email: Maybe = None
    completed: bool = False
    completed_at: Moment | None = None


def facts(kind: str, external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    if kind == "enrolment":
        return [_learning(read_as(_Enrolment, content), origin)]
    told = read_as(_Badge, content)
    credential = CredentialReference(
        external_id=told.uniquehash or told.id,
        type="BADGE",
        name=told.name,
        issuer=told.issuername,
    )
    return [
        CredentialIssued(
            connection_id=origin.connection_id,
            delivery_id=origin.delivery_id,
            system=origin.system,
            said_at=origin.sent_at,
            person=PersonReference(external_id=external_id.partition("/")[0]),
            credential=credential,
            issued_on=told.dateissued.date(),
            expires_on=told.dateexpire.date() if told.dateexpire else None,
        )
    ]


def _learning(told: _Enrolment, origin: Origin) -> Said:
    """It does not say since when somebody is enrolled: since now at the latest."""
    common: dict[str, Any] = {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": origin.sent_at,
        "person": PersonReference(external_id=told.person, email=told.email),
        "course": CourseReference(provider=origin.course_provider, code=told.course),
    }
    if told.completed:
        return LearningCompleted(**common, completed_at=told.completed_at or origin.sent_at)
    return LearningEnrolled(**common, enrolled_at=origin.sent_at)


API = VendorApi(connect=Moodle, facts=facts, needs_client_id=False, lists="enrolment")
