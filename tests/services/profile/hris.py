"""An HR system that tells profile things, in any order, and what becomes of them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.profile.unresolved import waking
from shared.ids import new_id
from shared.tenancy import Principal
from tests.conftest import Harness

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Hris:
    """Speaks about things of its own; each word is newer than the one before unless `minute` says otherwise."""

    harness: Harness
    system: str = "hris"
    minutes: int = 0
    sequences: dict[str, int] = field(default_factory=dict)

    async def say(
        self,
        verb: str,
        subject: str,
        *,
        minute: int | None = None,
        event_id: UUID | None = None,
        retry: bool = True,
        **told: Any,
    ) -> None:
        """`verb` is e.g. `person.upserted`; what waits is tried again as the worker does."""
        self.minutes += 1
        said_at = FIRST + timedelta(minutes=self.minutes if minute is None else minute)
        await self.harness.deliver(
            f"waymark.integrations.{verb}.v1",
            subject=subject,
            sequence=None,
            payload={
                "connectionId": new_id(),
                "deliveryId": new_id(),
                "system": self.system,
                "saidAt": said_at.isoformat(),
                **told,
            },
            event_id=event_id,
        )
        if retry:
            await self.work()

    async def person(self, key: str, **told: Any) -> None:
        told = {"displayName": key.title(), **told}
        await self.say("person.upserted", f"person {key}", person={"externalId": key}, **told)

    async def job(self, key: str, since: str, **told: Any) -> None:
        who = {"externalId": key}
        await self.say(
            "employment.changed", f"employment {key}", person=who, effectiveFrom=since, **told
        )

    async def unit(self, key: str, **told: Any) -> None:
        await self.say("org_unit.changed", f"unit {key}", key=key, **told)

    async def role(self, code: str, role_id: UUID, catalogue: str = "house") -> None:
        await self.harness.deliver(
            "waymark.goals.role.published.v1",
            subject=role_id,
            sequence=1,
            payload={
                "roleId": role_id,
                "catalogue": catalogue,
                "code": code,
                "title": code.title(),
            },
        )
        await self.work()

    async def work(self) -> None:
        """What the worker does with the jobs that try again, until there are none."""
        principal = Principal.system(self.harness.tenant_id, "profile.unresolved.retry")
        while True:
            async with self.harness.session() as session:
                taken = await session.execute(
                    text(
                        "DELETE FROM queue.job WHERE name = :name AND tenant_id = :tenant "
                        "RETURNING arguments"
                    ),
                    {"name": waking.RETRY, "tenant": self.harness.tenant_id},
                )
                ids = [each for (arguments,) in taken for each in _ids(arguments)]
                if not ids:
                    return
                await waking.try_again(session, principal, [UUID(each) for each in ids])

    async def people(self) -> dict[str, dict[str, Any]]:
        """Everybody that this system knows, by its key; managers and units by their keys too."""
        async with self.harness.session() as session:
            rows = await session.execute(_PEOPLE, {"system": self.system})
            return {row.key: dict(row) for row in _plain(rows)}

    async def units(self) -> list[dict[str, Any]]:
        async with self.harness.session() as session:
            return list(_plain(await session.execute(_UNITS, {"system": self.system})))

    async def history(self) -> list[dict[str, Any]]:
        """What holds from which day, the last recorded of each."""
        async with self.harness.session() as session:
            return list(_plain(await session.execute(_HISTORY, {"system": self.system})))

    async def tree(self) -> list[dict[str, Any]]:
        async with self.harness.session() as session:
            return list(_plain(await session.execute(_TREE, {"system": self.system})))

    async def waiting(self) -> list[tuple[str, str, str]]:
        """Kind, part and reason."""
        async with self.harness.session() as session:
            rows = await session.execute(
                text("SELECT kind, part, reason FROM unresolved_entry ORDER BY 1, 2, 3")
            )
            return [tuple(row) for row in rows]


class _Row(dict[str, Any]):
    @property
    def key(self) -> str:
        return str(self["key"])


def _plain(rows: Any) -> list[_Row]:
    return [_Row(row) for row in rows.mappings()]


def _ids(arguments: Any) -> list[str]:
    read = json.loads(arguments) if isinstance(arguments, str) else arguments
    ids: list[str] = read["ids"]
    return ids


_NAMED = """
    SELECT i.value FROM people_external_identifier i
    WHERE i.system = :system AND i.{column} = {whose} LIMIT 1"""
_PEOPLE = text(
    f"""
    SELECT ({_NAMED.format(column="person_id", whose="p.id")}) AS key,
           ({_NAMED.format(column="person_id", whose="p.manager_id")}) AS manager,
           ({_NAMED.format(column="org_unit_id", whose="p.org_unit_id")}) AS unit,
           p.display_name, p.work_email, p.status, p.role_id, p.role_code, p.role_title, p.level,
           p.employment_type, p.assignment_since, p.hire_date, p.termination_date, p.id
    FROM people_person p
    WHERE EXISTS (SELECT FROM people_external_identifier i
                  WHERE i.system = :system AND i.person_id = p.id) ORDER BY 1"""
)
_UNITS = text(
    f"""
    SELECT ({_NAMED.format(column="org_unit_id", whose="u.id")}) AS key,
           ({_NAMED.format(column="org_unit_id", whose="u.parent_id")}) AS parent,
           ({_NAMED.format(column="person_id", whose="u.leader_id")}) AS leader, u.name, u.type
    FROM people_org_unit u ORDER BY 1"""
)
_HISTORY = text(
    f"""
    SELECT DISTINCT ON (key, valid_from)
           ({_NAMED.format(column="person_id", whose="a.person_id")}) AS key, valid_from, valid_to,
           ({_NAMED.format(column="person_id", whose="a.manager_id")}) AS manager,
           ({_NAMED.format(column="org_unit_id", whose="a.org_unit_id")}) AS unit,
           role_id, role_code, role_title, level, change_reason
    FROM people_assignment a ORDER BY key, valid_from, recorded_at DESC, id DESC"""
)
_TREE = text(
    f"""
    SELECT ({_NAMED.format(column="person_id", whose="t.descendant_id")}) AS below,
           ({_NAMED.format(column="person_id", whose="t.ancestor_id")}) AS above, depth
    FROM people_reporting_line t ORDER BY 1, 3"""
)
