"""What the gateway reads of networks."""

from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Table,
    and_,
    case,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.types import Text

from services.profile.network import texts
from services.profile.network.introducing import known
from services.profile.network.models import Contact, Interaction, Introduction
from services.profile.network.rules import LASTS, IntroductionState, Part
from services.profile.people.models import Person
from services.profile.policy import POLICY
from shared.policy import me
from shared.tenancy import Principal
from shared.views import Many, One, View, column, columns, global_id
from shared.views.declare import Arguments, Columns


def _own(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "NETWORK", "READ", row.owner_id)


contacts: View = View(
    name="contacts",
    source=cast(Table, Contact.__table__),
    visible=_own,
    fields={
        "id": global_id("Contact"),
        **columns("ownerId", "contactPersonId", "relation", "addedAt", "version"),
        "name": texts.shown("name"),
        "organisation": texts.shown("organisation"),
        "note": texts.shown("note"),
        "interactions": Many(lambda: interactions, by="contact"),
    },
    lists={"person": "owner_id"},
    order=("-added_at", "-id"),
)

interactions: View = View(
    name="interactions",
    source=cast(Table, Interaction.__table__),
    visible=_own,
    fields={
        "id": global_id("Interaction"),
        **columns("ownerId", "purpose", "heldOn", "followUpOn", "followedUpAt", "recordedAt"),
        "version": column("version"),
        "summary": texts.shown("summary"),
        "questions": texts.shown("questions"),
        "notes": texts.shown("notes"),
        "contact": One(lambda: contacts, on="contact_id"),
    },
    lists={"person": "owner_id", "contact": "contact_id"},
    order=("-held_on", "-id"),
)


def _text(value: str) -> ColumnElement[str]:
    return literal_column(f"'{value}'", Text())


def _introductions(principal: Principal, _: Arguments) -> FromClause:
    """As the caller knows of them: `rules.shown_state`, in SQL."""
    row = Introduction.__table__.c
    part: ColumnElement[Any] = case(
        (row.requester_id == me(principal), _text(Part.REQUESTER)),
        (row.introducer_id == me(principal), _text(Part.INTRODUCER)),
        else_=_text(Part.TARGET),
    )
    ends = row.asked_at + literal_column(f"interval '{LASTS.days} days'")
    accepted = row.accepted_at.is_not(None)
    state: ColumnElement[Any] = case(
        (accepted, _text(IntroductionState.ACCEPTED)),
        (row.declined_by == part, _text(IntroductionState.DECLINED)),
        (func.now() >= ends, _text(IntroductionState.EXPIRED)),
        (row.requester_id == me(principal), _text(IntroductionState.ASKED)),
        (row.offered_at.is_(None), _text(IntroductionState.ASKED)),
        else_=_text(IntroductionState.OFFERED),
    )

    def email(of: ColumnElement[Any]) -> ColumnElement[Any]:
        found = select(Person.work_email).where(Person.id == of).correlate(Introduction)
        return case((and_(accepted), found.scalar_subquery()), else_=null())

    names = ("tenant_id", "id", "requester_id", "introducer_id", "target_id", "message", "asked_at")
    return (
        select(
            *(row[name] for name in names),
            part.label("part"),
            state.label("state"),
            email(row.requester_id).label("requester_email"),
            email(row.target_id).label("target_email"),
            me(principal).label("knower_id"),
        )
        .where(known(principal, Introduction))
        .subquery()
    )


introductions: View = View(
    name="introductions",
    source=_introductions,
    visible=lambda principal, row: POLICY.visible(principal, "NETWORK", "READ", row.knower_id),
    fields={
        "id": global_id("Introduction"),
        **columns("part", "state", "requesterId", "introducerId", "targetId", "askedAt"),
        **columns("requesterEmail", "targetEmail"),
        "message": texts.shown("message", "requester_id"),
    },
    lists={"person": "knower_id"},
    order=("-asked_at", "-id"),
)
