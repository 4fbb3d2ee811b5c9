"""`waymark webhooks`: what other systems sent and are sent, through the gateway's doors."""

from datetime import datetime
from typing import Any

import typer

from deploy.cli.output import write_json, write_table
from deploy.cli.reaching import ask

RECEIVED = ("id", "state", "eventType", "reason", "receivedAt", "connectionId")
SENT = ("id", "state", "type", "tries", "occurredAt", "dueAt")
CONNECTIONS = ("id", "kind", "name", "state")
SUBSCRIPTIONS = ("id", "state", "name", "url")


def show_all(*, as_json: bool) -> None:
    """The connections that send to Waymark, and the subscriptions that it sends to."""
    found = {
        "connections": ask("GET", "/connections", scopes=["connections:read"]),
        "subscriptions": ask("GET", "/webhook-subscriptions", scopes=["subscriptions:read"]),
    }
    if as_json:
        write_json(found)
        return
    print("Connections")
    write_table(found["connections"], CONNECTIONS, none="none")
    print("\nSubscriptions")
    write_table(found["subscriptions"], SUBSCRIPTIONS, none="none")


def show(
    *, connection: str | None, subscription: str | None, state: str | None, as_json: bool
) -> None:
    """The deliveries of a connection, or to a subscription; all that were received when none is named."""
    if subscription:
        path, query, columns = f"/webhook-subscriptions/{subscription}/deliveries", {}, SENT
    else:
        path, query, columns = "/webhook-deliveries", {"connectionId": connection}, RECEIVED
    scopes = ["connections:read", "subscriptions:read"]
    found = ask("GET", path, scopes=scopes, query={**query, "state": state and state.upper()})
    if as_json:
        write_json(found)
    else:
        write_table(found, columns, none="No deliveries.")


def test(subscription: str, *, as_json: bool) -> None:
    """Exit code 1 unless the subscriber took it."""
    found = ask(
        "POST", f"/webhook-subscriptions/{subscription}/test", scopes=["subscriptions:write"]
    )
    _tell(found, as_json=as_json)
    if found["outcome"] != "DELIVERED":
        raise typer.Exit(1)


def redeliver(subscription: str, delivery: str, *, as_json: bool) -> None:
    path = f"/webhook-subscriptions/{subscription}/deliveries/{delivery}/replay"
    _tell(ask("POST", path, scopes=["subscriptions:write"]), as_json=as_json)


def replay_received(delivery: str, *, as_json: bool) -> None:
    """A delivery that came to nothing is mapped once more; `show` tells what becomes of it."""
    path = f"/webhook-deliveries/{delivery}/replay"
    _tell(ask("POST", path, scopes=["connections:write"]), as_json=as_json)


def replay_sent(subscription: str, since: datetime, until: datetime, *, as_json: bool) -> None:
    wanted = {"from": since.isoformat(), "to": until.isoformat()}
    path = f"/webhook-subscriptions/{subscription}/replay"
    _tell(ask("POST", path, scopes=["subscriptions:write"], body=wanted), as_json=as_json)


def reconcile(connection: str, *, approve: bool, as_json: bool) -> None:
    """The run as it is wanted; what it came to stands in the connection's reconciliations."""
    path = f"/connections/{connection}/reconcile"
    wanted = {"approveTerminations": approve}
    _tell(ask("POST", path, scopes=["connections:write"], body=wanted), as_json=as_json)


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        write_json(found)
    for name, value in {} if as_json else found.items():
        print(f"{name:12} {'-' if value is None else value}")
