"""All texts: those of the package beside those that the tenant brought, and which of them speak to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.registry import hash_of
from services.profile.interpretations.models import BroughtTexts
from services.profile.interpretations.texts import InterpretationTexts
from services.profile.people.models import Person

CONTENT = Path(__file__).parent / "content"
Name = tuple[str, str]
"""An instrument's code and version."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Texts with the hash of their content."""

    texts: InterpretationTexts
    content_hash: str
    built_in: bool


def content_of(texts: InterpretationTexts) -> dict[str, Any]:
    return texts.model_dump(mode="json", by_alias=True)


@cache
def built_in() -> Mapping[Name, Sequence[Kept]]:
    """By instrument; of a language the newest version alone is in the package."""
    found: dict[Name, list[Kept]] = {}
    for file in sorted(CONTENT.glob("*.json")):
        texts = InterpretationTexts.model_validate_json(file.read_bytes())
        name = (texts.instrument, texts.instrument_version)
        found.setdefault(name, []).append(Kept(texts, hash_of(content_of(texts)), built_in=True))
    return found


async def of_instrument(session: AsyncSession, name: Name) -> list[Kept]:
    """The tenant's own before those of the package, the last brought first."""
    code, version = name
    own = select(BroughtTexts).where(
        BroughtTexts.instrument == code, BroughtTexts.instrument_version == version
    )
    newest = own.order_by(BroughtTexts.brought_at.desc(), BroughtTexts.id.desc())
    brought = [
        Kept(InterpretationTexts.model_validate(row.content), row.content_hash, built_in=False)
        for row in await session.scalars(newest)
    ]
    return [*brought, *built_in().get(name, ())]


async def speaking_to(
    session: AsyncSession, person_id: UUID, name: Name, *, locale: str | None
) -> InterpretationTexts | None:
    """The texts in `locale`, else in the person's own language, else in any; None where there are none."""
    known = [each.texts for each in await of_instrument(session, name)]
    if not known:
        return None
    own = await session.scalar(select(Person.locale).where(Person.id == person_id))
    return chosen(known, [locale, own, "en"])


def chosen(
    known: Sequence[InterpretationTexts], wanted: Sequence[str | None]
) -> InterpretationTexts:
    """In the first of the wanted languages that there is: of its region, of none, of another; else the first of all."""
    for locale in filter(None, wanted):
        for nearness in range(_REGIONS):
            for texts in known:
                if _same(locale, texts.locale)[nearness]:
                    return texts
    return known[0]


_REGIONS = 3


def _same(wanted: str, found: str) -> tuple[bool, bool, bool]:
    """`en_GB` is what some systems write for `en-GB`."""
    wish, known = (each.replace("_", "-").casefold() for each in (wanted, found))
    language = wish.split("-")[0]
    return wish == known, language == known, language == known.split("-")[0]
