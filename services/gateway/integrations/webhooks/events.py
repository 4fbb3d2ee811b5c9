"""The canonical facts: what any LMS or HRIS said, in our words."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from shared.events import Fact
from shared.schemas import Output


class PersonReference(Output):
    """A person as the source knows them: an identifier of its own, or the work e-mail."""

    external_id: str | None = None
    email: str | None = None


class CourseReference(Output):
    """The course as the source knows it."""

    provider: str | None = None
    code: str


class CredentialReference(Output):
    """A certificate, degree, licence or badge; `external_id` is the source's own id of this person's copy of it."""

    external_id: str | None = None
    type: str
    name: str
    issuer: str | None = None


class Said(Fact):
    """What every canonical fact tells: where it came from, and when the source says that it became true.

    `system` names whose identifiers the references hold. The event's subject stands for one thing of one source, and
    its sequence grows with every newer word about that thing: an older word is never published.
    """

    connection_id: UUID
    delivery_id: UUID
    system: str
    said_at: AwareDatetime


class LearningEnrolled(Said, type="waymark.integrations.learning.enrolled.v1"):
    """Somebody has been enrolled in a course."""

    person: PersonReference
    course: CourseReference
    enrolled_at: AwareDatetime
    due_on: date | None = None


class LearningCompleted(Said, type="waymark.integrations.learning.completed.v1"):
    """Somebody has completed a course."""

    person: PersonReference
    course: CourseReference
    completed_at: AwareDatetime
    score: float | None = None


class CredentialIssued(Said, type="waymark.integrations.credential.issued.v1"):
    """Somebody has earned a credential."""

    person: PersonReference
    credential: CredentialReference
    issued_on: date
    expires_on: date | None = None
    url: str | None = None


class CredentialExpired(Said, type="waymark.integrations.credential.expired.v1"):
    """Somebody's credential has run out."""

    person: PersonReference
    credential: CredentialReference
    expired_on: date


class CredentialRevoked(Said, type="waymark.integrations.credential.revoked.v1"):
    """Somebody's credential has been taken back."""

    person: PersonReference
    credential: CredentialReference
    revoked_on: date
    reason: str | None = None


class PersonUpserted(Said, type="waymark.integrations.person.upserted.v1"):
    """The HRIS has this person; a field that it did not name is None and changes nothing."""

    person: PersonReference
    display_name: str | None = None
    preferred_name: str | None = None
    work_email: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    status: str | None = None
    hire_date: date | None = None


class PersonTerminated(Said, type="waymark.integrations.person.terminated.v1"):
    """The person leaves, or has left, on that day."""

    person: PersonReference
    termination_date: date


class EmploymentChanged(Said, type="waymark.integrations.employment.changed.v1"):
    """The person's job, unit or manager; a field that the source did not name is None and stays as it was."""

    person: PersonReference
    effective_from: date
    role_code: str | None = None
    role_title: str | None = None
    level: int | None = None
    org_unit_key: str | None = None
    manager: PersonReference | None = None
    employment_type: str | None = None
    change_reason: str | None = None


class OrgUnitChanged(Said, type="waymark.integrations.org_unit.changed.v1"):
    """A unit of the organisation; a field that the source did not name is None and stays as it was."""

    key: str
    name: str | None = None
    unit_type: str | None = None
    parent_key: str | None = None
    leader: PersonReference | None = None


FACTS = (
    LearningEnrolled,
    LearningCompleted,
    CredentialIssued,
    CredentialExpired,
    CredentialRevoked,
    PersonUpserted,
    PersonTerminated,
    EmploymentChanged,
    OrgUnitChanged,
)
