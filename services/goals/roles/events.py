"""What others hear of roles."""

from uuid import UUID

from services.goals.roles.models import Role
from shared.events import Fact


class RolePublished(Fact, type="waymark.goals.role.published.v1"):
    """A role has a new version; its requirements are asked for when they are needed."""

    role_id: UUID
    version_id: UUID
    version: int
    catalogue: str
    code: str
    family_id: UUID
    family: str
    title: str
    level: int | None
    track: str | None
    onet_soc_code: str | None


def published(role: Role) -> tuple[RolePublished, UUID, int]:
    """The fact with its subject and sequence."""
    fact = RolePublished(
        role_id=role.id,
        version_id=role.version_id,
        version=role.version,
        catalogue=role.catalogue,
        code=role.code,
        family_id=role.family_id,
        family=role.family_name,
        title=role.title,
        level=role.level,
        track=role.track,
        onet_soc_code=role.onet_soc_code,
    )
    return fact, role.id, role.version
