"""The instruments that come with Waymark: files in `content/`, read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services.profile.assessments.instruments import Instrument

CONTENT = Path(__file__).parent / "content"


@cache
def built_in() -> Mapping[tuple[str, str, str], Instrument]:
    """By code, version and locale, in the order of their codes."""
    read = [
        Instrument.model_validate_json(path.read_bytes()) for path in sorted(CONTENT.glob("*.json"))
    ]
    return {(each.code, each.version, each.locale): each for each in read}


def newest(code: str, locale: str = "en") -> Instrument | None:
    """The highest version of a built-in instrument in a language."""
    found = [each for each in built_in().values() if (each.code, each.locale) == (code, locale)]
    return max(found, key=lambda each: each.version, default=None)
