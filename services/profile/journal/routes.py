"""The doors of one's own journal: whose it is the token says. Writes answer no text."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.journal import commands, queries
from services.profile.journal.models import Note, Reflection
from services.profile.journal.rules import PROMPTS, NoteKind, Prompt
from services.profile.journal.schemas import (
    NoteCreate,
    NoteRead,
    NoteUpdate,
    OwnViewWrite,
    PromptRead,
    ReflectionCreate,
    ReflectionRead,
    ReflectionUpdate,
    StrengthRead,
    Whose,
    Written,
)
from services.profile.wording import Line
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next

routes = router("/journal", "journal")


@routes.get("/prompts", response_model=list[PromptRead])
async def list_prompts(principal: Acting) -> Sequence[Prompt]:
    """The questions to think about; each may be answered again and again."""
    return PROMPTS


@routes.get("/reflections", response_model=list[ReflectionRead])
async def list_reflections(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    prompt_code: Annotated[Line | None, Query(alias="promptCode")] = None,
) -> list[ReflectionRead]:
    """Your reflections, in the order of writing."""
    found, after = await queries.reflections(session, principal, prompt_code=prompt_code, page=page)
    link_next(request, response, after)
    return found


@routes.post("/reflections", response_model=Written, status_code=status.HTTP_201_CREATED)
async def write_reflection(
    response: Response, session: Transaction, principal: Acting, new: ReflectionCreate
) -> Reflection:
    """Answers a prompt, or writes freely; nobody else ever reads it."""
    entry = await commands.reflect(session, principal, new=new)
    response.headers["Location"] = f"/journal/reflections/{entry.id}"
    etag(response, entry.version)
    return entry


@routes.get("/reflections/{entry_id}", response_model=ReflectionRead)
async def read_reflection(
    response: Response, session: Transaction, principal: Acting, entry_id: UUID
) -> ReflectionRead:
    """One of your reflections."""
    found = await queries.one(session, principal, Reflection, ReflectionRead, entry_id=entry_id)
    etag(response, found.version)
    return found


@routes.patch("/reflections/{entry_id}", response_model=Written)
async def rewrite_reflection(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    entry_id: UUID,
    changes: ReflectionUpdate,
) -> Reflection:
    """Changes the members that are sent."""
    entry = await commands.rewrite_reflection(
        session, principal, entry_id=entry_id, expected=expected, changes=changes
    )
    etag(response, entry.version)
    return entry


@routes.delete("/reflections/{entry_id}", response_model=Whose)
async def remove_reflection(session: Transaction, principal: Acting, entry_id: UUID) -> Whose:
    """Gone for good."""
    person_id = await commands.remove(session, principal, Reflection, entry_id=entry_id)
    return Whose(id=entry_id, person_id=person_id)


@routes.get("/notes", response_model=list[NoteRead])
async def list_notes(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    kinds: Annotated[list[NoteKind], Query(alias="kind", max_length=7)] = [],  # noqa: B006
) -> list[NoteRead]:
    """Your likes and dislikes, talents, needs, motivators, strengths and development areas."""
    found, after = await queries.notes(session, principal, kinds=kinds, page=page)
    link_next(request, response, after)
    return found


@routes.post("/notes", response_model=Written, status_code=status.HTTP_201_CREATED)
async def write_note(
    response: Response, session: Transaction, principal: Acting, new: NoteCreate
) -> Note:
    """Notes something of oneself."""
    entry = await commands.note(session, principal, new=new)
    response.headers["Location"] = f"/journal/notes/{entry.id}"
    etag(response, entry.version)
    return entry


@routes.get("/notes/{entry_id}", response_model=NoteRead)
async def read_note(
    response: Response, session: Transaction, principal: Acting, entry_id: UUID
) -> NoteRead:
    """One of your notes."""
    found = await queries.one(session, principal, Note, NoteRead, entry_id=entry_id)
    etag(response, found.version)
    return found


@routes.patch("/notes/{entry_id}", response_model=Written)
async def rewrite_note(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    entry_id: UUID,
    changes: NoteUpdate,
) -> Note:
    """Changes the members that are sent."""
    entry = await commands.rewrite_note(
        session, principal, entry_id=entry_id, expected=expected, changes=changes
    )
    etag(response, entry.version)
    return entry


@routes.delete("/notes/{entry_id}", response_model=Whose)
async def remove_note(session: Transaction, principal: Acting, entry_id: UUID) -> Whose:
    """Gone for good."""
    person_id = await commands.remove(session, principal, Note, entry_id=entry_id)
    return Whose(id=entry_id, person_id=person_id)


@routes.get("/strengths", response_model=list[StrengthRead])
async def list_strengths(session: Transaction, principal: Acting) -> list[StrengthRead]:
    """The skills that stand out from your own mean, explained, and what you say of them yourself."""
    return await queries.strengths(session, principal)


@routes.put("/strengths/{skill_id}", response_model=Whose)
async def say_strength(
    session: Transaction, principal: Acting, skill_id: UUID, word: OwnViewWrite
) -> Whose:
    """What a skill is to yourself, whatever the evidence says."""
    person_id = await commands.say(session, principal, skill_id=skill_id, word=word)
    return Whose(id=skill_id, person_id=person_id)


@routes.delete("/strengths/{skill_id}", response_model=Whose)
async def unsay_strength(session: Transaction, principal: Acting, skill_id: UUID) -> Whose:
    """Takes your own view back: what the evidence says stands again."""
    person_id = await commands.unsay(session, principal, skill_id=skill_id)
    return Whose(id=skill_id, person_id=person_id)
