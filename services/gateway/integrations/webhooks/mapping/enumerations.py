"""The enumerations of the canonical facts, and other systems' words for their members."""

from enum import StrEnum

from services.gateway.integrations.webhooks.mapping.terms import names_of


class EmploymentType(StrEnum):
    """How someone is employed."""

    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    CONTRACTOR = "CONTRACTOR"
    INTERN = "INTERN"
    CONSULTANT = "CONSULTANT"
    OTHER = "OTHER"


class ChangeReason(StrEnum):
    """Why a job changed."""

    HIRE = "HIRE"
    PROMOTION = "PROMOTION"
    LATERAL = "LATERAL"
    DEMOTION = "DEMOTION"
    ROTATION = "ROTATION"
    TRANSFER = "TRANSFER"
    OTHER = "OTHER"


class UnitType(StrEnum):
    """What kind of unit it is."""

    COMPANY = "COMPANY"
    DIVISION = "DIVISION"
    DEPARTMENT = "DEPARTMENT"
    TEAM = "TEAM"
    COST_CENTRE = "COST_CENTRE"
    PROJECT = "PROJECT"
    OTHER = "OTHER"


class PersonStatus(StrEnum):
    """Whether the person is there; who leaves is said by a fact of its own."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    ON_LEAVE = "ON_LEAVE"
    TERMINATED = "TERMINATED"
    OTHER = "OTHER"


class CredentialType(StrEnum):
    """What was earned."""

    CERTIFICATION = "CERTIFICATION"
    DEGREE = "DEGREE"
    LICENCE = "LICENCE"
    BADGE = "BADGE"
    OTHER = "OTHER"


EMPLOYMENT_TYPES = names_of(
    EmploymentType,
    {
        "permanent": EmploymentType.FULL_TIME,
        "internship": EmploymentType.INTERN,
        "trainee": EmploymentType.INTERN,
        "workingstudent": EmploymentType.PART_TIME,
        "freelancer": EmploymentType.CONTRACTOR,
        "external": EmploymentType.CONTRACTOR,
    },
)
CHANGE_REASONS = names_of(ChangeReason, {"newhire": ChangeReason.HIRE})
UNIT_TYPES = names_of(UnitType, {"costcenter": UnitType.COST_CENTRE})
STATUSES = names_of(
    PersonStatus,
    {"onboarding": PersonStatus.PENDING, "leave": PersonStatus.ON_LEAVE},
)
CREDENTIAL_TYPES = names_of(
    CredentialType,
    {"certificate": CredentialType.CERTIFICATION, "license": CredentialType.LICENCE},
)
