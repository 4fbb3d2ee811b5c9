"""The vocabulary of consents, and which of them may be given."""

from enum import StrEnum
from uuid import UUID


class ConsentScope(StrEnum):
    """What somebody lets others see or do: their results, their skills in a search, being matched, their experience,
    being introduced."""

    ASSESSMENT_RESULT = "ASSESSMENT_RESULT"
    EXPERTISE = "EXPERTISE"
    MATCHING = "MATCHING"
    EXPERIENCE = "EXPERIENCE"
    CONTACT = "CONTACT"


class ConsentRole(StrEnum):
    """In which part somebody is let in."""

    COUNSELLOR = "COUNSELLOR"
    MENTOR = "MENTOR"
    COLLEAGUE = "COLLEAGUE"


OF_ONE_OBJECT = frozenset({ConsentScope.ASSESSMENT_RESULT, ConsentScope.EXPERIENCE})
PURPOSE_LOCKED = frozenset({ConsentScope.ASSESSMENT_RESULT})
CONFIDANTS = frozenset({ConsentRole.COUNSELLOR, ConsentRole.MENTOR})


def obstacle(
    scope: ConsentScope,
    *,
    grantee_id: UUID | None,
    role: ConsentRole | None,
    object_id: UUID | None,
) -> tuple[str, str] | None:
    """The field and the fix where such a consent cannot be given; psychometric results are for confidants alone."""
    if object_id is not None and scope not in OF_ONE_OBJECT:
        return "objectId", f"leave it out: {scope} is not given for one object"
    if scope in PURPOSE_LOCKED and grantee_id is None:
        return "granteeId", "name the counsellor or mentor: results are never open to everybody"
    if scope in PURPOSE_LOCKED and role not in CONFIDANTS:
        return "role", "say COUNSELLOR or MENTOR: results are shared with nobody else"
    if grantee_id is None and role is not None:
        return "role", "leave it out: everybody here has no one part"
    return None
