"""What migrations of frameworks tell the other services."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from services.profile.crosswalks.models import FrameworkMigration
from services.profile.crosswalks.rules import AssociationType
from shared.events import Fact

MOST_SKILLS = 500


class Told(BaseModel):
    """A part of a fact."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class RelationTold(Told):
    """A skill of the new framework: what the old one is to it, or, `turned`, what it is to the old one."""

    skill_id: UUID
    type: AssociationType
    turned: bool


class SkillTold(Told):
    """A skill of the old framework with all its relations to the new one, whether they carried evidence or not."""

    skill_id: UUID
    relations: Sequence[RelationTold]


class MigrationFinished(Fact, type="waymark.profile.framework_migration.finished.v1"):
    """All evidence of a framework has its place in another one. Of many skills it is told in parts, from 1 to `parts`.

    The relations are those of the migration's start.
    """

    migration_id: UUID
    from_id: UUID
    from_key: str
    to_id: UUID
    to_key: str
    part: int
    parts: int
    skills: Sequence[SkillTold]


FACTS: tuple[type[Fact], ...] = (MigrationFinished,)


def finished(
    migration: FrameworkMigration, keys: dict[UUID, str]
) -> Iterator[tuple[Fact, UUID, int]]:
    """Its facts with subject and sequence, which is the part."""
    portions = [
        migration.mapping[at : at + MOST_SKILLS]
        for at in range(0, max(1, len(migration.mapping)), MOST_SKILLS)
    ]
    for part, portion in enumerate(portions, start=1):
        fact = MigrationFinished(
            migration_id=migration.id,
            from_id=migration.from_id,
            from_key=keys[migration.from_id],
            to_id=migration.to_id,
            to_key=keys[migration.to_id],
            part=part,
            parts=len(portions),
            skills=[_skill(each) for each in portion],
        )
        yield fact, migration.id, part


def _skill(mapped: dict[str, Any]) -> SkillTold:
    """One that was mapped before relations were kept has none."""
    return SkillTold.model_validate(
        {"skillId": mapped["originId"], "relations": mapped.get("relations", [])}
    )
