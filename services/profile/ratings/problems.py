"""What can go wrong with ratings that are asked for."""

from shared.problems import Conflict, Invalid


class NotThisRater(Invalid):
    """This person cannot be asked to rate these skills."""


class AlreadyAsked(Conflict):
    """The same colleague is asked for one of these skills already."""


class SkillNotAsked(Invalid):
    """Only skills that were asked for are rated."""
