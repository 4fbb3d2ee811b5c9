"""What baselines tell the other services: that there is one, not what it holds."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from shared.events import Fact


class BaselineCaptured(Fact, type="waymark.profile.baseline.captured.v1"):
    """A person has kept what is known of their skills today; `content_hash` is a SHA-256 in hexadecimal digits."""

    baseline_id: UUID
    person_id: UUID
    cycle: str | None
    taken_at: AwareDatetime
    as_of: date
    skill_count: int
    content_hash: str


FACTS: tuple[type[Fact], ...] = (BaselineCaptured,)
