"""A reader who has nothing but the trace as it is returned, and the documented formulas."""

from math import sqrt


def recomputed(contributions):
    """Level, mass, variance and interval of a list of contributions as on the wire."""
    if not contributions:
        return {
            "level": None,
            "mass": 0.0,
            "variance": None,
            "intervalLow": None,
            "intervalHigh": None,
        }
    masses = [each["weight"] * each["decay"] for each in contributions]
    mass = sum(masses)
    level = sum(m * each["level"] for m, each in zip(masses, contributions, strict=True)) / mass
    squares = ((each["level"] - level) ** 2 for each in contributions)
    variance = max(0.25, sum(m * s for m, s in zip(masses, squares, strict=True)) / mass)
    reach = 1.64 * sqrt(variance / (mass + 1e-6))
    return {
        "level": level,
        "mass": mass,
        "variance": variance,
        "intervalLow": max(0.0, level - reach),
        "intervalHigh": min(5.0, level + reach),
    }
