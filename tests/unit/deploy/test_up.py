import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local import probe
from deploy.local.environment import SettingMissing, children, doors, given_databases
from deploy.local.installation import Installation, running_pid
from deploy.local.processes import first_free_port, free_ports, release_ports, runs

LAUNCHER = Path(__file__).with_name("launcher.py")
PATIENCE_SECONDS = 120


@contextmanager
def launched(home: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    environment = os.environ | {"WAYMARK_HOME": str(home), "WAYMARK_PORT": str(port)}
    running = subprocess.Popen(
        [sys.executable, LAUNCHER],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.terminate()
        running.communicate(timeout=PATIENCE_SECONDS)


def after(port: int) -> int:
    """The port that a launcher takes when this one is taken."""
    found = first_free_port(port + 1, claimed=True)
    release_ports()
    return found


def read_until(running: "subprocess.Popen[str]", start: str) -> list[str]:
    lines = []
    assert running.stdout
    for line in running.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith(start):
            return lines
    raise AssertionError("\n".join(lines))


def test_the_ready_line_a_token_and_a_query_are_printed(home: Path) -> None:
    (port,) = free_ports(1)
    with launched(home, port) as running:
        lines = read_until(running, "curl")

        assert f"Waymark is ready: http://127.0.0.1:{port}/graphql" in lines
        made = Installation.read(home)
        assert made.pid == running.pid == running_pid(home)
        assert len(made.doors) == 8

        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE_SECONDS) == 0
    assert running_pid(home) is None
    assert list((home / "run").iterdir()) == []


def test_a_taken_port_is_replaced_and_that_is_said(home: Path) -> None:
    (port,) = free_ports(1)
    other = after(port)
    with socket.create_server(("127.0.0.1", port)), launched(home, port) as running:
        lines = read_until(running, "Waymark is ready")

    assert f"Port {port} is taken; using {other}." in lines


def test_two_launchers_that_start_at_once_take_different_ports(home: Path, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    other = after(port)
    homes = (home, tmp_path / "other")
    with launched(homes[0], port) as first, launched(homes[1], port) as second:
        read_until(first, "Waymark is ready")
        read_until(second, "Waymark is ready")
        made = [Installation.read(each) for each in homes]
        ready = [
            asyncio.run(probe.unready(one.doors, instance=other.environment[probe.INSTANCE]))
            for one in made
            for other in made
        ]

    doors = [door for one in made for door in one.doors.values()]
    assert len(set(doors)) == len(doors) == 16
    assert sorted(one.url.rpartition(":")[2] for one in made) == [str(port), str(other)]
    assert [len(each) for each in ready] == [0, 8, 8, 0]


async def test_who_answers_for_somebody_else_is_not_ready(home: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX-Waymark-Instance: theirs\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        doors = {"gateway-api": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"}
        theirs = await probe.unready(doors, instance="theirs")
        ours = await probe.unready(doors, instance="ours")
        anybodys = await probe.unready(doors)

    assert (theirs, ours, anybodys) == ([], ["gateway-api"], [])


def test_a_second_launcher_on_the_same_home_is_refused(home: Path) -> None:
    with launched(home, free_ports(1)[0]) as first:
        read_until(first, "Waymark is ready")

        with launched(home, free_ports(1)[0]) as second:
            output, _ = second.communicate(timeout=PATIENCE_SECONDS)

        assert second.returncode == 1
        assert f"Waymark already runs from {home} (process {first.pid})" in output


def test_a_killed_launcher_leaves_nothing_that_stops_the_next_start(home: Path) -> None:
    with launched(home, free_ports(1)[0]) as first:
        read_until(first, "Waymark is ready")
        before = Installation.read(home)
        first.kill()

    begun = time.monotonic()
    with launched(home, free_ports(1)[0]) as second:
        read_until(second, "Waymark is ready")

        assert time.monotonic() - begun < PATIENCE_SECONDS
        after = Installation.read(home)
        assert after.tenant_id == before.tenant_id
        assert [pid for pid in before.pids.values() if runs(pid, str(home))] == []


def test_a_child_that_dies_is_restarted(home: Path) -> None:
    with launched(home, free_ports(1)[0]) as running:
        read_until(running, "curl")
        os.kill(Installation.read(home).pids["goals-api"], signal.SIGKILL)

        (line,) = read_until(running, "goals-api")

    assert line.startswith("goals-api was killed by SIGKILL; again in 0.5 s.")


def test_the_installation_is_private(home: Path) -> None:
    with launched(home, free_ports(1)[0]) as running:
        read_until(running, "Waymark is ready")

    path = home / "installation.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())["environment"]["WAYMARK_ENV"] == "dev"


def test_databases_are_given_all_or_none() -> None:
    assert given_databases({}) == {}
    with pytest.raises(SettingMissing, match="GOALS_DATABASE_URL and FEEDBACK_DATABASE_URL"):
        given_databases(
            {"PROFILE_DATABASE_URL": "postgresql://x", "INTEGRATIONS_DATABASE_URL": "y"}
        )


def test_a_service_gets_its_own_database_and_no_owner() -> None:
    settings = {
        f"{name}_DATABASE_{kind}": "postgresql://x"
        for name in ("PROFILE", "GOALS", "FEEDBACK", "INTEGRATIONS")
        for kind in ("URL", "OWNER_URL")
    }

    made = children(Path("/home"), settings, doors(8000))

    named = {
        child.name: {key for key in child.environment if "_DATABASE_" in key} for child in made
    }
    assert named == {
        "profile-api": {"PROFILE_DATABASE_URL"},
        "profile-worker": {"PROFILE_DATABASE_URL"},
        "goals-api": {"GOALS_DATABASE_URL"},
        "goals-worker": {"GOALS_DATABASE_URL"},
        "feedback-api": {"FEEDBACK_DATABASE_URL"},
        "feedback-worker": {"FEEDBACK_DATABASE_URL"},
        "gateway-api": {"INTEGRATIONS_DATABASE_URL"},
        "gateway-worker": {"INTEGRATIONS_DATABASE_URL"},
    }
