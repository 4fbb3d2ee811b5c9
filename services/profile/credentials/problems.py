"""What can go wrong with credentials."""

from shared.problems import Conflict, Forbidden, Invalid


class OwnCredential(Forbidden):
    """Nobody verifies what they say of themself."""


class CredentialHasEnded(Conflict):
    """What has run out or was taken back is not verified."""


class IssuedElsewhere(Conflict):
    """What another system has told of is for that system to take back."""


class UnknownSkills(Invalid):
    """The credential names a skill that does not exist, or twice the same."""
