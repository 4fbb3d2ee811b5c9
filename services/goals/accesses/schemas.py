"""The access log on the wire."""

from services.goals.accesses.rules import AccessPath
from shared.accesses import door


class AccessRead(door.AccessRead):
    """Somebody, or a machine client (`reader` is its name), who looked at `what` on a day, and how often."""

    via: AccessPath
