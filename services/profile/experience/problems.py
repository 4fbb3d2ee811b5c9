"""What can go wrong with records of experience."""

from shared.problems import Conflict, Forbidden, Invalid


class OwnExperience(Forbidden):
    """Nobody verifies what they say of themself."""


class RecordWithdrawn(Conflict):
    """A withdrawn record does not change any more."""


class SkillNotInRecord(Invalid):
    """A level is confirmed only of a skill that the record names."""


class SkillNotKnown(Invalid):
    """The record names a skill that does not exist, or twice the same."""
