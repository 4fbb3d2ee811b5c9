"""The whole start: databases, events, migrations, services, and the line that says Waymark is ready."""

import asyncio
import base64
import contextlib
import json
import os
import secrets
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.local import environment, installation, keys, probe, revisions
from deploy.local.home import last_line, open_home, remembered
from deploy.local.installation import Installation
from deploy.local.nats import EmbeddedNats
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.probe import INSTANCE
from deploy.local.problems import Refused
from deploy.local.processes import AlreadyRunning, first_free_port, lock, release_ports
from deploy.local.provision import DATABASES, provision
from deploy.local.supervisor import Child, Supervisor
from shared.ids import new_id

READY_SECONDS = 90.0
SEALING = ("integrations", "feedback", "profile")
"""Those that keep something sealed, each under a key of its own."""
FIRST_QUERY = (
    "{ viewer { displayName role { title } gap { readiness items(first: 3) { skill { statement }"
    " asIs required status } } goals(first: 3) { nodes { title progress milestones { title state } } } } }"
)

AfterReady = Callable[[Installation], Awaitable[str | None]]
MakeChildren = Callable[[Path, dict[str, str], dict[str, str]], Sequence[Child]]


class NotReady(Refused):
    """Waymark was started and did not become ready."""


@dataclass(frozen=True, slots=True)
class Start:
    """How to start. `after_ready` may fill an empty installation and names the person whose token is shown."""

    home: Path
    port: int = 8000
    in_process: bool = False
    durable: bool = True
    after_ready: AfterReady | None = None
    make_children: MakeChildren = environment.children
    say: Callable[[str], None] = field(default=lambda line: print(line, flush=True))
    show_ready: Callable[[Installation, "FirstLook | None"], None] | None = None


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Who to be at the first query, with a token, and the query as a command to paste."""

    subject: str
    token: str
    command: str


async def up(start: Start) -> None:
    """Runs Waymark until SIGINT or SIGTERM; a second signal ends it without grace.

    Raises `AlreadyRunning`, `NotReady`, and what the parts raise: each a sentence for the terminal.
    """
    home = open_home(start.home.resolve())
    _end_on_sigterm()
    with contextlib.ExitStack() as parts:
        try:
            parts.enter_context(lock(home / installation.LOCK))
        except AlreadyRunning as holder:
            raise AlreadyRunning(
                f"Waymark already runs from {home} ({holder}). `waymark status` shows it, `waymark down` ends it."
            ) from None
        settings = _settings(home, parts, durable=start.durable)
        await _bring_databases_up(settings, parts, start)
        parts.callback(release_ports)
        port = first_free_port(start.port, claimed=True)
        if port != start.port:
            start.say(f"Port {start.port} is taken; using {port}.")
        doors = environment.doors(port)
        settings |= environment.service_settings(doors)
        await _serve(start, home, settings, doors)


def _settings(home: Path, parts: contextlib.ExitStack, *, durable: bool) -> dict[str, str]:
    """Starts what is not given; the settings that all services have in common."""
    given = os.environ
    stage = given.get("WAYMARK_ENV", "dev")
    settings = {
        "WAYMARK_ENV": stage,
        "WAYMARK_HOME": str(home),
        INSTANCE: secrets.token_hex(8),
    }
    if not given.get("WAYMARK_AUTH_JWKS"):
        settings["WAYMARK_AUTH_JWKS"] = str(keys.ensure_keys(home / "keys", environment=stage))
        settings["WAYMARK_AUTH_ISSUER"] = keys.ISSUER
        settings["WAYMARK_AUTH_AUDIENCE"] = keys.AUDIENCE
    if not given.get("GATEWAY_CURSOR_SECRET"):
        settings["GATEWAY_CURSOR_SECRET"] = remembered(
            home, "gateway.cursors", lambda: secrets.token_urlsafe(32)
        )
    for service in SEALING:
        name = f"{service.upper()}_SEAL_KEY"
        if not given.get(name):
            settings[name] = remembered(home, f"{service}.seal", _seal_key)
    settings["NATS_URL"] = given.get("NATS_URL") or (
        parts.enter_context(EmbeddedNats(home, durable=durable)).url
    )
    return settings


def _seal_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


async def _bring_databases_up(
    settings: dict[str, str], parts: contextlib.ExitStack, start: Start
) -> None:
    """Adds the databases' addresses to `settings`, and runs the migrations where this code is ahead."""
    databases = environment.given_databases(os.environ)
    if not databases:
        cluster = parts.enter_context(EmbeddedPostgres(start.home, durable=start.durable))
        await provision(cluster)
        for name in DATABASES:
            databases[f"{name.upper()}_DATABASE_URL"] = cluster.url(name, f"{name}_app")
            databases[f"{name.upper()}_DATABASE_OWNER_URL"] = cluster.url(name, f"{name}_owner")
    settings |= databases
    owners = installation.owner_urls(settings)
    if behind := await revisions.behind(owners):
        start.say(f"Migrating {', '.join(behind)}.")
        await revisions.migrate({name: owners[name] for name in behind})


def _end_on_sigterm() -> None:
    """Until the services run, SIGTERM does what Ctrl-C does: the parts started so far are stopped in order."""
    this = asyncio.current_task()
    assert this
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)


async def _serve(start: Start, home: Path, settings: dict[str, str], doors: dict[str, str]) -> None:
    stop = asyncio.Event()
    supervisor = Supervisor(home, say=start.say)
    _listen(stop, supervisor)
    made = start.make_children(home, settings, doors)
    running = asyncio.create_task(_run(start, supervisor, made, stop))
    try:
        await _until_ready(doors, settings[INSTANCE], home, running, stop)
        if not stop.is_set() and not running.done():
            installed = _installed(home, settings, doors, supervisor)
            await _unless_ended(_announce(start, installed), running, stop)
        await asyncio.wait([running])
    finally:
        stop.set()
        await running


async def _run(
    start: Start, supervisor: Supervisor, made: Sequence[Child], stop: asyncio.Event
) -> None:
    if not start.in_process:
        await supervisor.run(made, stop=stop)
        return
    from deploy.local.in_process import run_in_process

    await run_in_process(made, stop=stop)


async def _unless_ended(
    work: Coroutine[Any, Any, None], running: asyncio.Task[None], stop: asyncio.Event
) -> None:
    """Filling a large installation takes a while: Ctrl-C does not wait for it."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping, running], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


def _listen(stop: asyncio.Event, supervisor: Supervisor) -> None:
    """A terminal that is closed ends Waymark too, unless it was started with nohup."""

    def heard() -> None:
        if stop.is_set():
            supervisor.hurry()
        stop.set()

    asked = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        asked.append(signal.SIGHUP)
    for number in asked:
        asyncio.get_running_loop().add_signal_handler(number, heard)


async def _until_ready(
    doors: dict[str, str],
    instance: str,
    home: Path,
    running: asyncio.Task[None],
    stop: asyncio.Event,
) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + READY_SECONDS
    while waiting := await probe.unready(doors, instance=instance):
        if stop.is_set() or running.done():
            return
        if loop.time() > deadline:
            lines = (f"{name}: {last_line(home / 'logs' / f'{name}.log')}" for name in waiting)
            raise NotReady(
                f"Not ready after {READY_SECONDS:g} s. Logs are in {home / 'logs'}.\n"
                + "\n".join(lines)
            )
        await asyncio.sleep(0.1)


def _installed(
    home: Path, settings: dict[str, str], doors: dict[str, str], supervisor: Supervisor
) -> Installation:
    made = Installation(
        home=str(home),
        url=doors["gateway-api"],
        tenant_id=UUID(remembered(home, "tenant_id", lambda: str(new_id()))),
        pid=os.getpid(),
        doors=doors,
        pids=supervisor.pids(),
        environment=settings,
    )
    made.write()
    return made


async def _announce(start: Start, made: Installation) -> None:
    subject = await _filled(start, made)
    look = _first_look(made, subject) if subject else None
    if start.show_ready:
        start.show_ready(made, look)
        return
    start.say(f"Waymark is ready: {made.graphql_url}")
    if look:
        start.say(f"\nA token for {look.subject}, good for 12 hours:\n\n{look.token}")
        start.say(f"\nA first query to paste:\n\n{look.command}")


async def _filled(start: Start, made: Installation) -> str | None:
    """Waymark without its demo company is still Waymark."""
    try:
        return await start.after_ready(made) if start.after_ready else None
    except Refused as refusal:
        start.say(f"{refusal} `waymark seed` tries again.")
        return None


def _first_look(made: Installation, subject: str) -> FirstLook:
    stage = made.environment["WAYMARK_ENV"]
    token = keys.mint(made.keys, environment=stage, subject=subject, tenant_id=made.tenant_id)
    headers = f"-H 'Authorization: Bearer {token}' -H 'Content-Type: application/json'"
    body = json.dumps({"query": FIRST_QUERY})
    return FirstLook(subject, token, f"curl -s {made.graphql_url} {headers} -d '{body}'")
