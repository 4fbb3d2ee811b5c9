"""What can go wrong with people and their organisation."""

from shared.problems import Conflict, Forbidden, Invalid


class CircularReporting(Conflict):
    """Nobody can be their own manager, not even through others."""


class CircularOrganisation(Conflict):
    """A unit cannot lie within itself, not even through others."""


class WorkEmailTaken(Conflict):
    """Another person has this work e-mail."""


class SubjectTaken(Conflict):
    """Another person signs in with this subject."""


class ExternalIdTaken(Conflict):
    """Another person or unit has this name in that system."""


class NotEmployed(Conflict):
    """The person does not work here."""


class AlreadyGranted(Conflict):
    """The person has this grant already."""


class GrantToOneself(Forbidden):
    """Nobody grants themself a standing, or takes it away."""


class UnknownPerson(Invalid):
    """A person that is named here does not exist."""


class UnknownOrgUnit(Invalid):
    """A unit that is named here does not exist."""


class RepeatedLine(Invalid):
    """An earlier line of this request has the same key."""
