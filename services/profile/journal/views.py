"""What the gateway reads of a journal, for its owner alone; texts leave the database sealed."""

from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Table,
    Text,
    any_,
    case,
    column,
    func,
    select,
    values,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.journal import texts
from services.profile.journal.models import Aspiration, Insight, Note, Reflection
from services.profile.journal.rules import PROMPTS, EvidenceType
from services.profile.journal.strengths import standing_out
from services.profile.policy import POLICY
from services.profile.skills.views import skills
from shared.policy import me
from shared.tenancy import Principal
from shared.views import Argument, Columns, Elements, One, View, columns, global_id
from shared.views.sql import quoted

NOUNS = {
    EvidenceType.ASSERTION: "SkillAssertion",
    EvidenceType.EXPERIENCE: "Experience",
    EvidenceType.CREDENTIAL: "Credential",
    EvidenceType.REFLECTION: "Reflection",
}


def _own(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "JOURNAL", "READ", row.person_id)


def _table(model: type[Any]) -> Table:
    return cast(Table, model.__table__)


def _links(row: Columns) -> ColumnElement[Any]:
    """What an insight rests on, with the global ids under which front ends know it."""
    each = func.jsonb_array_elements(row.evidence).column_valued("each", joins_implicitly=True)
    kind = each.op("->>")(quoted("type"))
    noun = case(*((kind == quoted(word), quoted(name)) for word, name in NOUNS.items()))
    spelled = func.concat(noun, quoted(":"), each.op("->>")(quoted("objectId")))
    bare = func.convert_to(spelled, quoted("UTF8"))
    link = func.jsonb_build_object(
        quoted("type"), kind, quoted("objectId"), func.encode(bare, quoted("base64"))
    )
    linked = select(func.jsonb_agg(link, type_=JSONB)).scalar_subquery()
    return func.coalesce(linked, row.evidence)


def _prompts() -> FromClause:
    """The questions in their order, as rows."""
    named = (
        column("place", Integer),
        column("code", Text),
        column("version", Integer),
        column("question", Text),
    )
    rows = [(at, each.code, each.version, each.question) for at, each in enumerate(PROMPTS)]
    return values(*named, name="prompt", literal_binds=True).data(rows)


reflections: View = View(
    name="reflections",
    source=_table(Reflection),
    visible=_own,
    fields={
        "id": global_id("Reflection"),
        **columns("personId", "promptCode", "promptVersion", "mood", "writtenAt", "updatedAt"),
        **columns("version"),
        "text": texts.shown(),
    },
    lists={"person": "person_id"},
    order=("-written_at", "-id"),
    arguments={"promptCode": Argument(str, lambda row, code: row.prompt_code == code)},
)

notes: View = View(
    name="notes",
    source=_table(Note),
    visible=_own,
    fields={
        "id": global_id("JournalNote"),
        **columns("personId", "kind", "origin", "importance", "writtenAt", "updatedAt", "version"),
        "text": texts.shown(),
        "skill": One(lambda: skills, on="skill_id"),
    },
    lists={"person": "person_id"},
    order=("-written_at", "-id"),
    arguments={
        "kinds": Argument(
            str, lambda row, kinds: sql_cast(row.kind, Text) == any_(kinds), many=True
        )
    },
)

aspirations: View = View(
    name="aspirations",
    source=_table(Aspiration),
    visible=_own,
    fields={
        "id": global_id("Aspiration"),
        **columns("personId", "roleId", "horizon", "desireStrength", "confidence"),
        **columns("optInToMatching", "declaredAt", "updatedAt", "version"),
        "fieldText": texts.shown(),
    },
    lists={"person": "person_id"},
    order=("-declared_at", "-id"),
)

strengths: View = View(
    name="strengths",
    source=lambda principal, _: standing_out(principal),
    visible=_own,
    key="skill_id",
    fields={
        "id": global_id("Strength", "skill_id"),
        **columns("standing", "derived", "ownView", "level", "intervalLow", "intervalHigh"),
        **columns("ownMean", "skillCount", "explanation"),
        "text": texts.shown("view_id"),
        "skill": One(lambda: skills, on="skill_id"),
    },
    lists={"person": "person_id"},
    order=("-standing", "skill_id"),
)

insights: View = View(
    name="insights",
    source=_table(Insight),
    visible=_own,
    fields={
        "id": global_id("Insight"),
        **columns("personId", "writtenAt"),
        "text": texts.shown(),
        "skill": One(lambda: skills, on="skill_id"),
        "evidence": Elements(_links, {"type": "type", "objectId": "objectId"}),
    },
    lists={"person": "person_id"},
    order=("-written_at", "-id"),
)

prompts: View = View(
    name="reflection_prompts",
    source=_prompts(),
    visible=lambda principal, _: POLICY.visible(principal, "PROMPT", "READ", me(principal)),
    key="code",
    fields=columns("code", "version", "question"),
    order=("place",),
)

VIEWS = (prompts, reflections, notes, aspirations, strengths, insights)
