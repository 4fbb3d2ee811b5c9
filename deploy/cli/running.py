"""`waymark up`, `down` and `status`."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli import seeding
from deploy.cli.output import note, write_json
from deploy.local import installation, probe
from deploy.local.home import home_path
from deploy.local.installation import Installation
from deploy.local.problems import Refused
from deploy.local.processes import read_pid
from deploy.local.up import FirstLook, Start
from deploy.local.up import up as run

STOP_SECONDS = 60.0


class StillRunning(Refused):
    """Waymark did not stop in time."""


def up(*, port: int, in_process: bool, seed: bool, as_json: bool) -> None:
    start = Start(
        home=home_path(),
        port=port,
        in_process=in_process,
        after_ready=_seed if seed else None,
    )
    if as_json:
        start = replace(start, say=note, show_ready=_ready_as_json)
    try:
        asyncio.run(run(start))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(130) from None


async def _seed(made: Installation) -> str | None:
    return await seeding.fill(made)


def _ready_as_json(made: Installation, look: FirstLook | None) -> None:
    write_json(
        {
            "url": made.url,
            "graphqlUrl": made.graphql_url,
            "home": made.home,
            "tenantId": made.tenant_id,
            "pid": made.pid,
            "subject": look.subject if look else None,
            "token": look.token if look else None,
        }
    )


def down(*, as_json: bool) -> None:
    home = home_path()
    pid = installation.ask_to_stop(home)
    deadline = time.monotonic() + STOP_SECONDS
    while pid and installation.running_pid(home):
        if time.monotonic() > deadline:
            raise StillRunning(
                f"Process {pid} still runs. `kill -9 {pid}` ends it; nothing is lost."
            )
        time.sleep(0.05)
    if as_json:
        write_json({"stopped": pid is not None, "pid": pid})
    else:
        print(f"Waymark stopped ({home})." if pid else f"Waymark does not run from {home}.")


def status(*, as_json: bool) -> None:
    home = home_path()
    made = Installation.read(home)
    running = installation.running_pid(home) is not None
    unready = (
        asyncio.run(probe.unready(made.doors, instance=made.environment.get(probe.INSTANCE)))
        if running
        else list(made.doors)
    )
    rows = [
        {"name": name, "ready": name not in unready, "door": door, "pid": _pid(home, name)}
        for name, door in made.doors.items()
    ]
    if as_json:
        write_json({"running": running, "url": made.url, "home": home, "processes": rows})
    elif running:
        _print_table(made, rows)
    else:
        print(f"Waymark does not run from {home}. `waymark up` starts it.")
    if unready:
        raise typer.Exit(1)


def _pid(home: Path, name: str) -> int | None:
    return read_pid(home / "run" / f"{name}.pid")


def _print_table(made: Installation, rows: Sequence[Mapping[str, object]]) -> None:
    table = Table("process", "state", "pid", "address", title=made.graphql_url)
    for row in rows:
        state = "[green]ready[/]" if row["ready"] else "[red]not ready[/]"
        table.add_row(str(row["name"]), state, str(row["pid"] or "-"), str(row["door"]))
    Console().print(table)
