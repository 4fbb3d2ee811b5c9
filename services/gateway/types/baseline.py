"""Baselines: what was known of somebody's skills on a day."""

from datetime import date, datetime

import strawberry

from services.gateway.types.fields import limited, shown
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@strawberry.type(description="What was known of one skill on the day of a baseline.")
class BaselineLevel:
    skill: Skill | None = shown("Which skill.")
    level: float | None = shown("The estimate of that day, from 0 to 5; null was unassessed.")
    interval_low: float | None = shown("Lower end of the 90 % interval.")
    interval_high: float | None = shown("Upper end of the 90 % interval.")
    mass: float = shown("How much evidence there was.")
    self_level: float | None = shown("What the person said of themself.")


@strawberry.type(
    description="What was known of somebody's skills on a day. It never changes, and its hash proves it."
)
class Baseline(Node):
    cycle: str | None = shown("The cycle that it begins.")
    taken_at: datetime = shown("When it was taken.")
    as_of: date = shown("The day that decay was reckoned for.")
    skill_count: int = shown("How many skills it holds.")
    content_hash: str = shown("SHA-256 of its canonical JSON (RFC 8785).")
    levels: list[BaselineLevel] = limited("What it holds.", first=100)
