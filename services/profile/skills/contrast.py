"""How somebody's own word stands to what everything else says of the skill: pure.

    difference = self level - level          (both on 0 to 5; the level never contains the self series)
    BLIND_SPOT       self level > interval high  and  difference >=  MARGIN
    HIDDEN_STRENGTH  self level < interval low   and  difference <= -MARGIN
    UNKNOWN          there is no self level, or no level
    AGREES           otherwise

The interval is the 90 % interval of the level (see `estimation`): with little evidence it is wide, so that few words
against somebody's own are no blind spot yet. The margin keeps much evidence from calling a trifle one: half a level is
the floor of the spread that any evidence is believed to have.
"""

from enum import StrEnum
from math import sqrt

from services.profile.skills.estimation import VARIANCE_FLOOR

MARGIN = sqrt(VARIANCE_FLOOR)


class Contrast(StrEnum):
    """Whether somebody thinks more or less of a skill than the evidence says."""

    BLIND_SPOT = "BLIND_SPOT"
    HIDDEN_STRENGTH = "HIDDEN_STRENGTH"
    AGREES = "AGREES"
    UNKNOWN = "UNKNOWN"


def contrast(
    own: float | None, level: float | None, interval_low: float | None, interval_high: float | None
) -> Contrast:
    if own is None or level is None or interval_low is None or interval_high is None:
        return Contrast.UNKNOWN
    if own > interval_high and own - level >= MARGIN:
        return Contrast.BLIND_SPOT
    if own < interval_low and own - level <= -MARGIN:
        return Contrast.HIDDEN_STRENGTH
    return Contrast.AGREES
