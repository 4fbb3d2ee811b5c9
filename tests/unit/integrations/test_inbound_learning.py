"""Every LMS's payload against the exact facts, or the exact request to fetch."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.webhooks.mapping import FetchBack
from tests.unit.integrations.mapped import course, facts, mapped

COMPLETED = "waymark.integrations.learning.completed.v1"
ENROLLED = "waymark.integrations.learning.enrolled.v1"


ATTEMPT = {
    "type": "course.attempt.closed",
    "timestamp": 1763370163000,
    "data": {
        "attemptId": "507f1f77bcf86cd799439011",
        "closedAt": "2025-11-17T09:02:41.123Z",
        "userId": "507f1f77bcf86cd799439012",
        "courseId": "507f1f77bcf86cd799439013",
        "reason": "learnerFinished",
        "context": {"pathId": "507f1f77bcf86cd799439014"},
    },
}


def path_status(status: str) -> dict[str, Any]:
    return {
        "type": "path.session.user.status.updated",
        "timestamp": "1763370163000",
        "data": {
            "userId": "u1",
            "pathId": "p1",
            "sessionId": "s1",
            "enrollmentId": "e1",
            "status": status,
            "updatedAt": "2025-11-17T09:00:00.000Z",
        },
    }


def test_360learning_tells_a_finished_course():
    assert facts(Vendor.LEARNING_360, ATTEMPT) == [
        (
            COMPLETED,
            {
                "saidAt": "2025-11-17T09:02:43Z",
                "person": {"externalId": "507f1f77bcf86cd799439012"},
                "course": course("507f1f77bcf86cd799439013"),
                "completedAt": "2025-11-17T09:02:41.123000Z",
            },
        )
    ]


@pytest.mark.parametrize(
    ("status", "event_type", "moment"),
    [("successful", COMPLETED, "completedAt"), ("notYetStarted", ENROLLED, "enrolledAt")],
)
def test_360learning_tells_the_first_and_the_last_state_in_a_path(status, event_type, moment):
    assert facts(Vendor.LEARNING_360, path_status(status)) == [
        (
            event_type,
            {
                "saidAt": "2025-11-17T09:02:43Z",
                "person": {"externalId": "u1"},
                "course": course("p1"),
                moment: "2025-11-17T09:00:00Z",
            },
        )
    ]
    between = mapped(Vendor.LEARNING_360, path_status("late"))
    assert between.ignored == "data.status: neither enrolled nor successful."


def test_360learning_tells_of_enrolments_without_saying_whose():
    told = {
        "type": "path.session.users.enrolled",
        "timestamp": 1763370163000,
        "data": {"pathId": "p1", "sessionId": "s1", "enrolledAt": "2025-11-17T09:00:00.000Z"},
    }

    assert mapped(Vendor.LEARNING_360, told).fetch_backs == [
        FetchBack("path_session", "p1/s1", datetime(2025, 11, 17, 9, 2, 43, tzinfo=UTC))
    ]


def docebo(event: str, **payload: Any) -> dict[str, Any]:
    return {
        "event": event,
        "fired_by_batch_action": False,
        "message_id": "wh-20230921-133538-552060e3-33fe-429f-8c37-d5ba896a8303",
        "webhook_id": 12,
        "original_domain": "acme.docebosaas.com",
        "payload": {
            "fired_at": "2023-09-21 13:35:33",
            "user_id": 12345,
            "username": "ada@example.org",
            "course_id": 297,
            "course_name": "SQL",
            "level": "student",
            "subscribed_by_id": 13,
            **payload,
        },
    }


DONE = docebo(
    "course.enrollment.completed", status="completed", completion_date="2023-09-21 13:35:30"
)


def test_docebo_tells_completions_and_enrolments_in_utc():
    begun = docebo(
        "course.enrollment.created", enrollment_date="2023-09-20 08:00:00", course_code="SQL-2"
    )
    common = {"saidAt": "2023-09-21T13:35:33Z"}
    person = {"externalId": "12345", "email": "ada@example.org"}

    assert facts(Vendor.DOCEBO, DONE) == [
        (
            COMPLETED,
            common
            | {"person": person, "course": course("297"), "completedAt": "2023-09-21T13:35:30Z"},
        )
    ]
    assert facts(Vendor.DOCEBO, begun) == [
        (
            ENROLLED,
            common
            | {"person": person, "course": course("SQL-2"), "enrolledAt": "2023-09-20T08:00:00Z"},
        )
    ]


def test_docebo_tells_many_at_once():
    payloads = [DONE["payload"] | {"user_id": user} for user in (1, 2)]
    told = {"event": DONE["event"], "message_id": "wh-1", "payloads": payloads}

    people = [fact["person"]["externalId"] for _, fact in facts(Vendor.DOCEBO, told)]

    assert people == ["1", "2"]


def canvas(event: str, body: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "event_name": event,
        "event_time": "2019-11-01T19:11:26.615Z",
        "producer": "canvas",
        "root_account_id": "21070000000000001",
    }
    return {"metadata": metadata, "body": body}


LIVE = canvas(
    "course_completed",
    {
        "progress": {
            "requirement_count": 6,
            "requirement_completed_count": 6,
            "next_requirement_url": None,
            "completed_at": "2019-11-01T19:11:21Z",
        },
        "user": {"id": "123", "name": "Ada", "email": "ada@example.org"},
        "course": {"id": "565", "name": "SQL", "account_id": "1", "sis_source_id": None},
    },
)


def test_canvas_tells_a_completed_course():
    assert facts(Vendor.CANVAS, LIVE) == [
        (
            COMPLETED,
            {
                "saidAt": "2019-11-01T19:11:26.615000Z",
                "person": {"externalId": "123", "email": "ada@example.org"},
                "course": course("565"),
                "completedAt": "2019-11-01T19:11:21Z",
            },
        )
    ]


def test_canvas_tells_enrolments_by_global_ids_of_its_shard():
    body = {
        "enrollment_id": "21070000000000009",
        "course_id": "21070000000000565",
        "user_id": "99990000000000123",
        "type": "StudentEnrollment",
        "created_at": "2019-11-01T19:11:20Z",
        "workflow_state": "active",
    }

    assert facts(Vendor.CANVAS, canvas("enrollment_created", body)) == [
        (
            ENROLLED,
            {
                "saidAt": "2019-11-01T19:11:26.615000Z",
                "person": {"externalId": "99990000000000123"},
                "course": course("565"),
                "enrolledAt": "2019-11-01T19:11:20Z",
            },
        )
    ]
    teacher = canvas("enrollment_created", body | {"type": "TeacherEnrollment"})
    assert mapped(Vendor.CANVAS, teacher).facts == ()


def moodle(event: str) -> dict[str, Any]:
    return {
        "eventname": f"\\core\\event\\{event}",
        "component": "core",
        "objectid": 7,
        "courseid": "987",
        "userid": 2,
        "relateduserid": "8774",
        "timecreated": 1662013333,
        "other": {},
        "token": "t",
    }


def test_moodle_tells_what_happened_to_the_related_user():
    common = {
        "saidAt": "2022-09-01T06:22:13Z",
        "person": {"externalId": "8774"},
        "course": course("987"),
    }

    assert facts(Vendor.MOODLE, moodle("course_completed")) == [
        (COMPLETED, common | {"completedAt": "2022-09-01T06:22:13Z"})
    ]
    assert facts(Vendor.MOODLE, moodle("user_enrolment_created")) == [
        (ENROLLED, common | {"enrolledAt": "2022-09-01T06:22:13Z"})
    ]
    assert mapped(Vendor.MOODLE, moodle("badge_awarded")).fetch_backs == [
        FetchBack("badge", "8774/7", datetime(2022, 9, 1, 6, 22, 13, tzinfo=UTC))
    ]
