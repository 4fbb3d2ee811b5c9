"""What the doctor looks at. An examination never raises: what it cannot see is a finding."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import asyncpg
import httpx
import nats
import nats.errors

from deploy.local import probe, revisions
from deploy.local.installation import DATABASE_OF, SERVICES, Installation
from shared.serve import read_settings
from shared.settings import ServiceSettings

OLDEST_POSTGRES = 15

POWERS = """
    SELECT rolname AS name, rolsuper OR rolbypassrls AS powerful,
           current_setting('server_version_num')::int / 10000 AS version,
           has_schema_privilege('public', 'CREATE') AS creates,
           (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')
               AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
               AND NOT (relrowsecurity AND relforcerowsecurity)) AS unprotected
    FROM pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """`fix` is what to do, or to run."""

    subject: str
    state: Literal["OK", "NOTE", "WRONG"]
    message: str
    fix: str = ""


async def settings(environment: Mapping[str, str]) -> list[Finding]:
    stage = environment.get("WAYMARK_ENV", "production")
    note = Finding("settings", "OK", f"WAYMARK_ENV is {stage}.")
    return [note, *(_settings_of(name) for name in SERVICES)]


def _settings_of(name: str) -> Finding:
    subject = f"settings of {name}"
    if find_spec(f"services.{name}") is None:
        return Finding(subject, "NOTE", "This service is not installed here.")
    module = import_module(f"services.{name}.settings")
    try:
        for member in vars(module).values():
            if _is_settings(member, module.__name__):
                read_settings(member)
    except SystemExit as refusal:
        return Finding(subject, "WRONG", str(refusal), "Set what is named; `waymark up` sets all.")
    return Finding(subject, "OK", "complete")


def _is_settings(member: object, module: str) -> bool:
    return (
        isinstance(member, type)
        and issubclass(member, ServiceSettings)
        and member.__module__ == module
    )


async def databases(environment: Mapping[str, str]) -> list[Finding]:
    found = await asyncio.gather(*(_database(name, environment) for name in DATABASE_OF.values()))
    return [finding for group in found for finding in group]


async def _database(name: str, environment: Mapping[str, str]) -> list[Finding]:
    subject, variable = f"database {name}", f"{name.upper()}_DATABASE_URL"
    url = environment.get(variable)
    if not url:
        return [
            Finding(subject, "WRONG", f"{variable} is not set.", "Set it, or run `waymark up`.")
        ]
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, ValueError, asyncpg.PostgresError, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        fix = f"Start the server, or correct {variable}."
        return [Finding(subject, "WRONG", f"not reachable: {reason}", fix)]
    try:
        row = await connection.fetchrow(POWERS)
    finally:
        await connection.close()
    return [*_role(subject, row), await _revision(name, url)]


def _role(subject: str, row: "asyncpg.Record") -> list[Finding]:
    found = [Finding(subject, "OK", f"PostgreSQL {row['version']} answers {row['name']}")]
    if row["version"] < OLDEST_POSTGRES:
        fix = f"Move to PostgreSQL {OLDEST_POSTGRES} or newer."
        found.append(Finding(subject, "WRONG", f"PostgreSQL {row['version']} is too old.", fix))
    if row["powerful"]:
        fix = f"ALTER ROLE {row['name']} NOSUPERUSER NOBYPASSRLS, or name the runtime role."
        found.append(
            Finding(subject, "WRONG", f"{row['name']} reads past row-level security.", fix)
        )
    if row["creates"]:
        fix = f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {row['name']};"
        found.append(Finding(subject, "WRONG", f"{row['name']} may create tables.", fix))
    if row["unprotected"]:
        message = f"{row['unprotected']} tables are without forced row-level security."
        found.append(Finding(subject, "WRONG", message, "waymark migrate"))
    return found


async def _revision(name: str, url: str) -> Finding:
    subject, expected = f"database {name}", revisions.head(name)
    try:
        stands = await revisions.recorded(url)
    except asyncpg.PostgresError as error:
        return Finding(subject, "WRONG", f"its revision cannot be read: {error}", "waymark migrate")
    if stands == expected:
        return Finding(subject, "OK", f"at revision {stands or 'none'}")
    message = f"at revision {stands or 'none'}, this code expects {expected or 'none'}"
    return Finding(subject, "WRONG", message, f"waymark migrate {name}")


async def events(environment: Mapping[str, str]) -> list[Finding]:
    url = environment.get("NATS_URL")
    if not url:
        return [Finding("events", "WRONG", "NATS_URL is not set.", "Set it, or run `waymark up`.")]

    async def ignore(_: Exception) -> None:
        return None

    try:
        client = await nats.connect(
            url, connect_timeout=3, allow_reconnect=False, max_reconnect_attempts=0, error_cb=ignore
        )
        account = await client.jetstream().account_info()
        await client.close()
    except (OSError, nats.errors.Error, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        fix = "Start the server with JetStream, or correct NATS_URL."
        return [Finding("events", "WRONG", f"no JetStream: {reason}", fix)]
    return [Finding("events", "OK", f"JetStream answers, {account.streams} streams")]


async def signing_keys(environment: Mapping[str, str]) -> list[Finding]:
    place = environment.get("WAYMARK_AUTH_JWKS")
    subject, fix = "keys", "Point WAYMARK_AUTH_JWKS at the JWKS of your identity provider."
    if not place:
        return [Finding(subject, "WRONG", "WAYMARK_AUTH_JWKS is not set.", fix)]
    try:
        published = json.loads(await _read(place))["keys"]
        private = [key["kid"] for key in published if "d" in key]
        message = f"{len(published)} in {place}: {', '.join(key['kid'] for key in published)}"
    except (OSError, ValueError, LookupError, TypeError, httpx.HTTPError) as error:
        return [Finding(subject, "WRONG", f"{place} is no JWKS: {type(error).__name__}", fix)]
    if private:
        return [Finding(subject, "WRONG", f"{place} publishes private keys.", "Replace them now.")]
    return [Finding(subject, "OK", message)]


async def _read(place: str) -> str:
    if not place.startswith("http"):
        return await asyncio.to_thread(Path(place).read_text)

    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        return (await client.get(place)).raise_for_status().text


async def doors(made: Installation) -> list[Finding]:
    """Each process of a running installation, asked whether it is ready."""
    unready = set(await probe.unready(made.doors, instance=made.environment.get(probe.INSTANCE)))
    return [_door(made, name, ready=name not in unready) for name in made.doors]


def _door(made: Installation, name: str, *, ready: bool) -> Finding:
    if ready:
        return Finding(name, "OK", f"ready at {made.doors[name]}")
    log = Path(made.home) / "logs" / f"{name}.log"
    return Finding(name, "WRONG", f"not ready at {made.doors[name]}", f"Read {log}.")
