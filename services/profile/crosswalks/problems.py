"""What can go wrong with associations and migrations."""

from shared.problems import Conflict, Invalid


class UnrelatedSkills(Invalid):
    """An association needs two skills that exist and differ."""


class AssociationExists(Conflict):
    """The two skills are related in this way already."""


class FrameworkNotInUse(Conflict):
    """Evidence moves from a framework that is or was in use to another one that is in use."""


class MigrationRunning(Conflict):
    """Evidence of this framework is on its way already."""


class EvidenceWouldStay(Conflict):
    """Some evidence has no place in the new framework."""
