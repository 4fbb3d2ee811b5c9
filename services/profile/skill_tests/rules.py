"""How a test's score becomes a level; no database, no clock.

    level = 5 · (raw - min) / (max - min)

The ends of the test's own scale are the ends of Waymark's, and what lies between is divided evenly: a test says how
much of its scale somebody reached (xAPI's scaled score), and nothing else is read into it. A publisher whose scale is
not even sends its own placing, with min 0 and max 5. What the word of a test weighs is the weight of ASSESSMENT.
"""

from services.profile.skills.rules import HIGHEST_LEVEL


def level_of(raw: float, lowest: float, highest: float) -> float:
    """From 0 to 5; `raw` lies from `lowest` to `highest`, which differ."""
    share = (raw - lowest) / (highest - lowest)
    return min(HIGHEST_LEVEL, max(0.0, HIGHEST_LEVEL * share))
