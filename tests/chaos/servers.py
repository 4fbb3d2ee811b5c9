"""`python -m tests.chaos.servers HOME`: PostgreSQL and NATS, synced as in production, stopped and started on command.

Reads one command a line (`postgres kill`, `postgres start`, `nats stop`, `nats kill`, `nats start`), and answers each,
and its own start, with one JSON line of ports and addresses. Ends with its parent and takes both servers along.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from deploy.local.installation import DATABASE_OF
from deploy.local.nats import EmbeddedNats
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.provision import provision


def main() -> None:
    home = Path(sys.argv[1])
    with EmbeddedNats(home) as nats, EmbeddedPostgres(home) as cluster:
        asyncio.run(provision(cluster))
        _tell(nats, cluster)
        for line in sys.stdin:
            _obey(line.strip(), nats, cluster)
            _tell(nats, cluster)


def _obey(command: str, nats: EmbeddedNats, cluster: EmbeddedPostgres) -> None:
    match command:
        case "postgres kill":
            _end(cluster.pid, signal.SIGQUIT)
        case "postgres start":
            cluster.stop()
            cluster.start()
        case "nats kill":
            _end(nats.pid, signal.SIGKILL)
        case "nats stop":
            _end(nats.pid, signal.SIGTERM)
        case "nats start":
            nats.stop()
            nats.start()
        case _:
            raise ValueError(f"{command!r} is no command")


def _end(pid: int, number: signal.Signals) -> None:
    """Waits for the end; the child stays for its owner to collect."""
    os.kill(pid, number)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _tell(nats: EmbeddedNats, cluster: EmbeddedPostgres) -> None:
    told = {"nats_port": nats.port, "postgres_port": cluster.port, "nats_url": nats.url}
    for name in DATABASE_OF.values():
        told |= {
            f"{name}": cluster.url(name),
            f"{name}_app": cluster.url(name, f"{name}_app"),
            f"{name}_owner": cluster.url(name, f"{name}_owner"),
        }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
