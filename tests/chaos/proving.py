"""What the databases hold, past every door and policy, beside what was acknowledged."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from deploy.local.installation import DATABASE_OF
from services.gateway.integrations.subscriptions.catalogue import covers
from tests.chaos.company import Company
from tests.chaos.place import Place
from tests.chaos.receiver import Receiver
from tests.chaos.sending import Ledger

Key = tuple[str, str]
Row = Any

RECORDS = """
    SELECT record.id, person_id, code FROM learning_record AS record
    JOIN learning_resource AS resource ON resource.id = resource_id WHERE record.state = 'COMPLETED'
"""
GOALS = "SELECT title FROM goals_goal WHERE title LIKE 'chaos/%'"
STEPS = "SELECT note FROM goals_update WHERE note LIKE 'chaos/%'"
SAID = "SELECT note, person_id, skill_id FROM skills_assertion WHERE source = 'SELF'"
LEARNED = "SELECT person_id, skill_id FROM skills_assertion WHERE source = 'COURSE'"
ESTIMATES = "SELECT person_id, skill_id, level, self_level FROM skills_estimate"
CHANGES = "SELECT person_id, kind, subject_id, to_value FROM checkins_change"
PROGRESS = "SELECT id, progress FROM goals_goal"
OUTBOX = """
    SELECT id::text, type, subject, sequence FROM outbox_event
    WHERE type LIKE 'waymark.goals.%'
"""
COMPLETED = "waymark.goals.learning_record.completed.v1"
DELIVERED = "SELECT subscription_id::text, event_id::text, state FROM outbound_delivery"
MESSAGES = "SELECT message_id, state, reason FROM webhooks_delivery"
DEAD = "SELECT consumer, type, reason FROM inbox_dead_letter"
FAILED = "SELECT name, reason FROM queue.job WHERE failed_at IS NOT NULL"


@dataclass(slots=True)
class Verdict:
    """Effects by read model; examples of what is wrong, not all of it."""

    effects: dict[str, int] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    resent: int = 0

    def compare(self, name: str, found: Iterable[Key], wanted: set[Key], left: set[Key]) -> None:
        """Each wanted key once, each left one at most once, and no other."""
        counts = Counter(found)
        self.effects[name] = len(counts)
        for key in wanted - counts.keys():
            self._wrong(self.lost, name, "lost", key)
        for key, count in counts.items():
            if count > 1 or key not in wanted | left:
                self._wrong(self.doubled, name, "doubled", key)

    def _wrong(self, counts: Counter[str], name: str, word: str, key: object) -> None:
        counts[name] += 1
        if len(self.examples) < 20:
            self.examples.append(f"{word} in {name}: {key}")


async def prove(
    place: Place, company: Company, ledger: Ledger, receivers: Sequence[Receiver]
) -> Verdict:
    verdict, rows = Verdict(), await _read(place)
    _learning(verdict, company, ledger, rows)
    _writes(verdict, company, ledger, rows)
    _agenda(verdict, company, rows)
    for receiver in receivers:
        _outbound(verdict, receiver, rows)
    for database in DATABASE_OF.values():
        for row in rows[f"dead {database}"]:
            verdict.dead[f"{row['consumer']}: {row['type']}: {row['reason']}"] += 1
        for row in rows[f"failed {database}"]:
            verdict.dead[f"{database} job {row['name']}: {row['reason']}"] += 1
    return verdict


async def _read(place: Place) -> dict[str, list[Row]]:
    asked: dict[str, dict[str, str]] = {
        "goals": {"records": RECORDS, "goals": GOALS, "steps": STEPS, "progress": PROGRESS}
        | {"outbox": OUTBOX},
        "profile": {"said": SAID, "learned": LEARNED, "estimates": ESTIMATES},
        "feedback": {"changes": CHANGES},
        "integrations": {"delivered": DELIVERED, "messages": MESSAGES},
    }
    rows: dict[str, list[Row]] = {}
    for database, statements in asked.items():
        connection = await asyncpg.connect(place.servers.superuser(database))
        dead = {f"dead {database}": DEAD, f"failed {database}": FAILED}
        for name, statement in (statements | dead).items():
            rows[name] = await connection.fetch(statement)
        await connection.close()
    return rows


def _learning(
    verdict: Verdict, company: Company, ledger: Ledger, rows: dict[str, list[Row]]
) -> None:
    """From the message to the record, the assertion and the estimate."""
    emails = {person.id: person.email for person in company.people}
    courses = dict(zip(company.taught, company.courses, strict=True))
    taken, left = ledger.taken.get("learning", set()), ledger.left.get("learning", set())
    messages = {f"msg_{email}_{code}": (email, code) for email, code in taken | left}
    verdict.compare(
        "inbox", (messages.get(m["message_id"], (m["message_id"], "?")) for m in rows["messages"]),
        taken, left,
    )  # fmt: skip
    verdict.dead.update(
        f"webhook {m['state']}: {m['reason']}"
        for m in rows["messages"]
        if m["state"] != "PUBLISHED"
    )
    records = [(emails[row["person_id"]], row["code"]) for row in rows["records"]]
    verdict.compare("goals.records", records, taken, left)
    by_id = {str(row["id"]): key for row, key in zip(rows["records"], records, strict=True)}
    told = (row["subject"] for row in rows["outbox"] if row["type"] == COMPLETED)
    verdict.compare("goals.facts", (by_id.get(each, (each, "?")) for each in told), taken, left)

    def key(row: Row) -> Key:
        return emails[row["person_id"]], courses.get(row["skill_id"], str(row["skill_id"]))

    verdict.compare("profile.assertions", map(key, rows["learned"]), taken, left)
    estimated = [row for row in rows["estimates"] if row["skill_id"] in courses]
    verdict.compare("profile.estimates", map(key, estimated), taken, left)


def _writes(verdict: Verdict, company: Company, ledger: Ledger, rows: dict[str, list[Row]]) -> None:
    def compare(name: str, kind: str, notes: Iterable[str]) -> None:
        found = ((kind, note.removeprefix("chaos/")) for note in notes)
        taken, left = ledger.taken.get(kind, set()), ledger.left.get(kind, set())
        verdict.compare(name, found, taken, left)

    compare("goals.goals", "goal", (row["title"] for row in rows["goals"]))
    compare("goals.updates", "progress", (row["note"] for row in rows["steps"]))
    compare("profile.said", "assertion", (row["note"] for row in rows["said"]))
    said = {(str(row["person_id"]), str(row["skill_id"])) for row in rows["said"]}
    own = [row for row in rows["estimates"] if row["self_level"] is not None]
    found = ((str(row["person_id"]), str(row["skill_id"])) for row in own)
    verdict.compare("profile.own estimates", found, said, set())


def _agenda(verdict: Verdict, company: Company, rows: dict[str, list[Row]]) -> None:
    """What feedback has collected equals what the other two hold, to the last value."""

    def of(kind: str, value: Callable[[Row], str]) -> list[Key]:
        return [
            (str(row["subject_id"]), value(row)) for row in rows["changes"] if row["kind"] == kind
        ]

    records = {(str(row["id"]), str(row["person_id"])) for row in rows["records"]}
    learned = of("LEARNING_COMPLETED", lambda row: str(row["person_id"]))
    verdict.compare("feedback.learning", learned, records, set())
    levels = {
        (str(row["skill_id"]), f"{row['person_id']} {row['level']:.6f}")
        for row in rows["estimates"]
        if row["level"] is not None
    }
    skills = of("SKILL_CHANGED", lambda row: f"{row['person_id']} {row['to_value']:.6f}")
    verdict.compare("feedback.skills", skills, levels, set())
    moved = {
        (str(row["id"]), f"{row['progress']:.6f}") for row in rows["progress"] if row["progress"]
    }
    progressed = of("GOAL_PROGRESSED", lambda row: f"{row['to_value']:.6f}")
    verdict.compare("feedback.goals", progressed, moved, set())


def _outbound(verdict: Verdict, receiver: Receiver, rows: dict[str, list[Row]]) -> None:
    """Every matching fact was acknowledged by the receiver, under one id; or was given up, and its row says so."""
    mine = [each for each in rows["delivered"] if each["subscription_id"] == receiver.subscription]
    failed = {(row["event_id"], "") for row in mine if row["state"] == "FAILED"}
    name = f"outbound {receiver.pattern}"
    if failed:
        verdict.dead[f"{name} FAILED"] = len(failed)
    matching = [row for row in rows["outbox"] if covers(receiver.pattern, row["type"])]
    facts = {(row["id"], "") for row in matching} - failed
    verdict.compare(name, ((each, "") for each in receiver.taken), facts, failed)
    of_facts = Counter(receiver.facts[message_id] for message_id in receiver.taken)
    verdict.doubled[f"{name}, facts"] += sum(count - 1 for count in of_facts.values())
    verdict.resent += sum(count - 1 for count in receiver.taken.values())
