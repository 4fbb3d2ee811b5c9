"""What people scored in tests of their skills."""

from datetime import date, datetime

import strawberry

from services.gateway.types.fields import shown
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@strawberry.type(
    description="What a test said of a skill of somebody's, as its publisher told it; it is evidence of the skill."
)
class SkillTest(Node):
    skill: Skill | None = shown("Which skill.")
    test: str = shown("What the publisher calls the test.")
    publisher: str = shown("Whose test it is.")
    score_raw: float = shown("What they reached, on the test's own scale.")
    score_min: float = shown("The lowest score that can be reached.")
    score_max: float = shown("The highest.")
    success: bool | None = shown("Whether it was passed, if that can be said.")
    level: float = shown("The score placed evenly on 0 to 5.")
    taken_on: date = shown("When they took it.")
    expires_on: date | None = shown("The first day that it is void.")
    recorded_at: datetime = shown("When it was told.")
