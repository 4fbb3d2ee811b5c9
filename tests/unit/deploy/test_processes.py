import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.home import open_home, remembered
from deploy.local.processes import (
    AlreadyRunning,
    first_free_port,
    free_ports,
    holder,
    lock,
    release_ports,
    runs,
)


def test_a_taken_port_gives_the_next_one() -> None:
    (wanted,) = free_ports(1)
    with socket.create_server(("127.0.0.1", wanted)):
        assert first_free_port(wanted) > wanted

    assert first_free_port(wanted) == wanted


def test_a_claimed_port_is_nobody_elses_until_it_is_released() -> None:
    (wanted,) = free_ports(1, claimed=True)
    ask = (
        "import sys; from deploy.local.processes import first_free_port;"
        "print(first_free_port(int(sys.argv[1]), claimed=True))"
    )

    def asked() -> int:
        command = [sys.executable, "-c", ask, str(wanted)]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    meanwhile = asked()
    release_ports()

    assert meanwhile > wanted
    assert asked() == wanted


def test_free_ports_are_different_and_below_those_of_outgoing_connections() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
    assert max(ports) < 32_000


def test_a_lock_names_its_holder_and_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = lock(path)

    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        lock(path)
    assert holder(path) == os.getpid()

    held.close()
    assert holder(path) is None
    lock(path).close()


def test_a_pid_is_ours_only_with_its_marker() -> None:
    assert runs(os.getpid(), "python")
    assert not runs(os.getpid(), "/no/such/marker")
    assert not runs(2**22 + 1, "python")


def test_a_secret_is_made_once_and_private(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")

    assert remembered(home, "a", lambda: "one") == "one"
    assert remembered(home, "a", lambda: "two") == "one"
    assert (home / "secrets.json").stat().st_mode & 0o777 == 0o600
