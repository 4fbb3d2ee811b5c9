"""Work values: their order, and how consistent the comparisons were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.profile.assessments.answers import Answers
from services.profile.assessments.figures import in_tiers, rounded
from services.profile.assessments.instruments import Form, Instrument


@dataclass(frozen=True, slots=True)
class Consistency:
    """`zeta` is 1 where no three choices go round in a circle, 0 where as many do as can."""

    circular_triads: int
    most_possible: int
    zeta: float


@dataclass(frozen=True, slots=True)
class ValuesOrder:
    """From the dearest down; equal scores share a tier. Without a whole set of pairs there is no consistency."""

    tiers: tuple[tuple[str, ...], ...]
    consistency: Consistency | None


def order_of(instrument: Instrument, raws: dict[str, float], answers: Answers) -> ValuesOrder:
    return ValuesOrder(in_tiers(raws), _consistency(instrument, answers))


def consistency_of(wins: Sequence[int]) -> Consistency:
    """From the wins of each of n objects over all n(n-1)/2 pairs.

    Circular triads d = n(n-1)(2n-1)/12 - (sum of a*a)/2 over the wins a; Kendall's zeta = 1 - 24d/(n*n*n - n) for odd
    n, 1 - 24d/(n*n*n - 4n) for even n (Kendall and Babington Smith 1940, Biometrika 31).
    """
    count = len(wins)
    most = (count**3 - (4 if count % 2 == 0 else 1) * count) // 24
    triads = (count * (count - 1) * (2 * count - 1) // 6 - sum(each * each for each in wins)) // 2
    return Consistency(triads, most, rounded(1 - triads / most) if most else 1.0)


def _consistency(instrument: Instrument, answers: Answers) -> Consistency | None:
    pairs = [item for item in instrument.items if item.form is Form.PAIR]
    objects = [scale.code for scale in instrument.scales]
    compared = {frozenset(item.choices) for item in pairs}
    whole = len(objects) * (len(objects) - 1) // 2
    if len(objects) < 3 or len(pairs) != whole or len(compared) != whole:
        return None
    if any(item.key not in answers for item in pairs):
        return None
    return consistency_of(list(_wins(objects, [str(answers[item.key]) for item in pairs]).values()))


def _wins(objects: Sequence[str], chosen: Sequence[str]) -> Mapping[str, int]:
    return {each: chosen.count(each) for each in objects}
