"""Relay global ids: opaque to clients, `Type:uuid` in base64 for us."""

import base64
import binascii
from uuid import UUID

NOUN_OF_ARGUMENT: dict[str, str | None] = {
    "personId": "Person",
    "employeeId": "Person",
    "managerId": "Person",
    "orgUnitId": "OrgUnit",
    "roleId": "Role",
    "fromRoleId": "Role",
    "toRoleId": "Role",
    "skillId": "Skill",
    "frameworkId": "SkillFramework",
    "fromFrameworkId": "SkillFramework",
    "toFrameworkId": "SkillFramework",
    "goalId": "Goal",
    "parentGoalId": "Goal",
    "milestoneId": "Milestone",
    "dependsOn": "Milestone",
    "goalRefs": "Goal",
    "ownerId": "Person",
    "checkInId": "CheckIn",
    "actionItemId": "ActionItem",
    "learningResourceId": "LearningResource",
    "assertionId": "SkillAssertion",
    "instrumentId": "Instrument",
    "assessmentId": "AssessmentSession",
    "resultId": "AssessmentResult",
    "interpretationId": "Interpretation",
    "skillIds": "Skill",
    "granteeId": "Person",
    "raterId": "Person",
    "ratingId": "Rating",
    "consentId": "Consent",
    "contactPersonId": "Person",
    "contactId": "Contact",
    "interactionId": "Interaction",
    "introductionId": "Introduction",
    "introducerId": "Person",
    "targetId": "Person",
    "objectId": None,
    "recordId": "Experience",
    "credentialId": "Credential",
    "reflectionId": "Reflection",
    "noteId": "JournalNote",
    "aspirationId": "Aspiration",
    "insightId": "Insight",
    "baselineId": "Baseline",
    "originId": "Skill",
    "destinationId": "Skill",
    "associationId": "SkillAssociation",
    "exportId": "Export",
}


class NotAnId(ValueError):
    """That is no id of this kind."""


def encode(noun: str, key: UUID | str) -> str:
    return base64.b64encode(f"{noun}:{key}".encode()).decode()


def decode(global_id: str) -> tuple[str, str]:
    """The noun and the key of an id; raises `NotAnId` without showing what is inside."""
    try:
        noun, _, key = base64.b64decode(global_id, validate=True).decode().partition(":")
        return noun, str(UUID(key))
    except (binascii.Error, ValueError):
        raise NotAnId("is not an id of Waymark: use an `id` as a query answered it") from None


def decode_as(noun: str | None, global_id: str) -> str:
    """The key of an id that must be of a noun; raises `NotAnId`."""
    found, key = decode(global_id)
    if noun is not None and found != noun:
        raise NotAnId(f"is the id of a {found}, and a {noun} is asked for here")
    return key
