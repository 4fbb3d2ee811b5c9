"""Open edX's payloads against the exact facts."""

from typing import Any

from services.gateway.integrations.connections.rules import Vendor
from tests.unit.integrations.mapped import course, facts

COMPLETED = "waymark.integrations.learning.completed.v1"
ENROLLED = "waymark.integrations.learning.enrolled.v1"
ISSUED = "waymark.integrations.credential.issued.v1"
REVOKED = "waymark.integrations.credential.revoked.v1"


def edx(event: str, **parts: Any) -> dict[str, Any]:
    metadata = {
        "id": "5a2d1b3e-97d4-11ec-8b3c-0242ac130002",
        "event_type": f"org.openedx.learning.{event}.v1",
        "minorversion": 0,
        "source": "openedx/lms/web",
        "sourcehost": "lms.example.org",
        "time": "2025-03-01 10:15:00.123456+00:00",
    }
    return {"event_metadata": metadata, **parts}


USER = {
    "id": 7,
    "is_active": True,
    "pii": {"username": "ada", "email": "ada@example.org", "name": "Ada"},
}
KEY = "course-v1:edX+SQL+2025"
CERTIFICATE = {
    "user": USER,
    "course": {"course_key": KEY, "display_name": "SQL"},
    "mode": "honor",
    "grade": "0.875",
    "current_status": "downloadable",
    "download_url": "https://lms.example.org/certificates/1",
    "name": "Ada",
}


def test_open_edx_tells_an_enrolment():
    enrollment = {
        "user": USER,
        "course": {"course_key": KEY, "display_name": "SQL"},
        "mode": "honor",
        "is_active": True,
        "creation_date": "2025-03-01 10:14:59+00:00",
    }

    assert facts(Vendor.OPEN_EDX, edx("course.enrollment.created", enrollment=enrollment)) == [
        (
            ENROLLED,
            {
                "saidAt": "2025-03-01T10:15:00.123456Z",
                "person": {"externalId": "7", "email": "ada@example.org"},
                "course": course(KEY),
                "enrolledAt": "2025-03-01T10:14:59Z",
            },
        )
    ]


def test_open_edx_tells_a_certificate_as_completion_and_credential():
    common = {
        "saidAt": "2025-03-01T10:15:00.123456Z",
        "person": {"externalId": "7", "email": "ada@example.org"},
    }
    credential = {"externalId": f"7/{KEY}", "type": "CERTIFICATION", "name": "SQL"}

    assert facts(Vendor.OPEN_EDX, edx("certificate.created", certificate=CERTIFICATE)) == [
        (
            COMPLETED,
            common
            | {
                "course": course(KEY),
                "completedAt": "2025-03-01T10:15:00.123456Z",
                "score": 87.5,
            },
        ),
        (
            ISSUED,
            common
            | {
                "credential": credential,
                "issuedOn": "2025-03-01",
                "url": "https://lms.example.org/certificates/1",
            },
        ),
    ]
    assert facts(Vendor.OPEN_EDX, edx("certificate.revoked", certificate=CERTIFICATE)) == [
        (REVOKED, common | {"credential": credential, "revokedOn": "2025-03-01"})
    ]
