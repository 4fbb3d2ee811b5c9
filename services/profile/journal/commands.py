"""Writing one's own journal: reflections, notes and what one thinks of one's skills."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.journal import texts
from services.profile.journal.models import Aspiration, Insight, Note, OwnView, Reflection
from services.profile.journal.problems import UnknownPrompt
from services.profile.journal.rules import may_have_origin, newest
from services.profile.journal.schemas import (
    NoteCreate,
    NoteUpdate,
    OwnViewWrite,
    ReflectionCreate,
    ReflectionUpdate,
)
from services.profile.policy import POLICY
from services.profile.skills import queries as skills
from shared import clock
from shared.ids import new_id
from shared.problems import Invalid, NotFound, PreconditionFailed
from shared.tenancy import Principal

Entry = TypeVar("Entry", Reflection, Note, Aspiration, Insight)


async def writer(session: AsyncSession, principal: Principal) -> UUID:
    """The person whose journal the caller writes: their own. Raises `NotFound` for a machine client, which has none."""
    if principal.person_id is None:
        raise NotFound
    await POLICY.require(session, principal, "JOURNAL", "WRITE", principal.person_id)
    return principal.person_id


async def reflect(
    session: AsyncSession, principal: Principal, *, new: ReflectionCreate
) -> Reflection:
    """A prompt may be answered again and again. Raises `UnknownPrompt`, `KeyDestroyed`."""
    person_id = await writer(session, principal)
    prompt = newest(new.prompt_code) if new.prompt_code else None
    if new.prompt_code and prompt is None:
        raise UnknownPrompt("/promptCode: use a code that GET /journal/prompts answers.")
    entry_id, now = new_id(), clock.now()
    entry = Reflection(
        id=entry_id,
        person_id=person_id,
        prompt_code=prompt.code if prompt else None,
        prompt_version=prompt.version if prompt else None,
        sealed=await texts.seal(session, person_id, entry_id, new.text),
        mood=new.mood,
        written_at=now,
        updated_at=now,
    )
    session.add(entry)
    await session.flush()
    return entry


async def rewrite_reflection(
    session: AsyncSession,
    principal: Principal,
    *,
    entry_id: UUID,
    expected: int,
    changes: ReflectionUpdate,
) -> Reflection:
    """Raises `NotFound`, `PreconditionFailed`, `KeyDestroyed`."""
    entry = await mine(session, principal, Reflection, entry_id, expected)
    if "text" in changes.model_fields_set:
        entry.sealed = await texts.seal(session, entry.person_id, entry.id, changes.text)
    if "mood" in changes.model_fields_set:
        entry.mood = changes.mood
    entry.updated_at = clock.now()
    await session.flush()
    return entry


async def note(session: AsyncSession, principal: Principal, *, new: NoteCreate) -> Note:
    """Raises `Invalid` for a skill that does not exist, `KeyDestroyed`."""
    person_id = await writer(session, principal)
    await require_skill(session, principal, new.skill_id)
    entry_id, now = new_id(), clock.now()
    entry = Note(
        id=entry_id,
        person_id=person_id,
        sealed=await texts.seal(session, person_id, entry_id, new.text),
        written_at=now,
        updated_at=now,
        **new.model_dump(exclude={"text"}),
    )
    session.add(entry)
    await session.flush()
    return entry


async def rewrite_note(
    session: AsyncSession,
    principal: Principal,
    *,
    entry_id: UUID,
    expected: int,
    changes: NoteUpdate,
) -> Note:
    """Raises `NotFound`, `PreconditionFailed`, `Invalid`, `KeyDestroyed`."""
    entry = await mine(session, principal, Note, entry_id, expected)
    await require_skill(session, principal, changes.skill_id)
    if changes.origin is not None and not may_have_origin(entry.kind):
        raise Invalid.field("/origin", "only talents have one; leave it out")
    sent = changes.model_fields_set
    if "text" in sent:
        entry.sealed = await texts.seal(session, entry.person_id, entry.id, changes.text)
    for name in sent - {"text"}:
        setattr(entry, name, getattr(changes, name))
    entry.updated_at = clock.now()
    await session.flush()
    return entry


async def remove(
    session: AsyncSession,
    principal: Principal,
    model: type[Reflection] | type[Note] | type[Insight],
    *,
    entry_id: UUID,
) -> UUID:
    """Gone for good; answers whose it was. Raises `NotFound`."""
    person_id = await writer(session, principal)
    gone = delete(model).where(model.id == entry_id, model.person_id == person_id)
    if (await session.execute(gone.returning(model.id))).first() is None:
        raise NotFound
    return person_id


async def say(
    session: AsyncSession, principal: Principal, *, skill_id: UUID, word: OwnViewWrite
) -> UUID:
    """One's own view of a skill, in place of an earlier one. Raises `NotFound`, `KeyDestroyed`."""
    person_id = await writer(session, principal)
    await skills.skill(session, principal, skill_id)
    known = select(OwnView.id).where(OwnView.person_id == person_id, OwnView.skill_id == skill_id)
    view_id = await session.scalar(known.with_for_update()) or new_id()
    sealed = await texts.seal(session, person_id, view_id, word.text) if word.text else None
    said = {"standing": word.standing, "sealed": sealed, "updated_at": clock.now()}
    row = {"tenant_id": principal.tenant_id, "person_id": person_id, "skill_id": skill_id}
    await session.execute(
        insert(OwnView)
        .values(id=view_id, **row, **said)
        .on_conflict_do_update(index_elements=["tenant_id", "id"], set_=said)
    )
    return person_id


async def unsay(session: AsyncSession, principal: Principal, *, skill_id: UUID) -> UUID:
    """What the evidence says stands again. Raises `NotFound` when nothing was said."""
    person_id = await writer(session, principal)
    gone = delete(OwnView).where(OwnView.person_id == person_id, OwnView.skill_id == skill_id)
    if (await session.execute(gone.returning(OwnView.id))).first() is None:
        raise NotFound
    return person_id


async def mine(
    session: AsyncSession,
    principal: Principal,
    model: type[Entry],
    entry_id: UUID,
    expected: int,
) -> Entry:
    """Locked. Raises `NotFound`, `PreconditionFailed`."""
    person_id = await writer(session, principal)
    entry: Entry | None = await session.scalar(
        select(model).where(model.id == entry_id, model.person_id == person_id).with_for_update()
    )
    if entry is None:
        raise NotFound
    if entry.version != expected:
        raise PreconditionFailed("You changed this entry in the meantime. Read it again.")
    return entry


async def require_skill(
    session: AsyncSession,
    principal: Principal,
    skill_id: UUID | None,
) -> None:
    """Raises `Invalid`."""
    if skill_id is None:
        return
    try:
        await skills.skill(session, principal, skill_id)
    except NotFound:
        raise Invalid.field("/skillId", "there is no such skill") from None
