"""`waymark webhooks`: what other systems send to Waymark, and what it sends to them."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deploy.cli.arguments import FORMATS, in_utc
from deploy.cli.output import Json, refusals

app = typer.Typer(no_args_is_help=True, help="What other systems send, and are sent.")

Subscription = Annotated[str, typer.Argument(help="A subscription's id.")]


@app.command(name="list")
def list_webhooks(as_json: Json = False) -> None:
    """Show the connections that send to Waymark and the subscriptions that it sends to."""
    from deploy.cli import hooking

    with refusals(as_json):
        hooking.show_all(as_json=as_json)


@app.command()
def show(
    connection: Annotated[str | None, typer.Option(help="What this connection sent.")] = None,
    subscription: Annotated[str | None, typer.Option(help="What this one is sent.")] = None,
    state: Annotated[str | None, typer.Option(help="Only deliveries of this state.")] = None,
    as_json: Json = False,
) -> None:
    """Show deliveries: received ones, or with --subscription those that were and will be sent."""
    from deploy.cli import hooking

    with refusals(as_json):
        hooking.show(connection=connection, subscription=subscription, state=state, as_json=as_json)


@app.command(name="test")
def send_test(subscription: Subscription, as_json: Json = False) -> None:
    """Send a test now; exit code 1 unless the subscriber took it."""
    from deploy.cli import hooking

    with refusals(as_json):
        hooking.test(subscription, as_json=as_json)


@app.command()
def redeliver(subscription: Subscription, delivery: str, as_json: Json = False) -> None:
    """Send one delivery again, under the same webhook-id."""
    from deploy.cli import hooking

    with refusals(as_json):
        hooking.redeliver(subscription, delivery, as_json=as_json)


@app.command()
def replay(
    id: Annotated[str, typer.Argument(help="A received delivery, or with --from a subscription.")],
    since: Annotated[datetime | None, typer.Option("--from", formats=FORMATS)] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=FORMATS, help="Now if left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Map a received delivery once more; with --from, send a subscription the facts of a time again."""
    from deploy.cli import hooking

    start, end = in_utc(since), in_utc(until) or datetime.now(UTC)
    with refusals(as_json):
        if start is None:
            hooking.replay_received(id, as_json=as_json)
        else:
            hooking.replay_sent(id, start, end, as_json=as_json)


@app.command()
def reconcile(
    connection: Annotated[str, typer.Argument(help="A connection's id.")],
    approve: Annotated[
        bool, typer.Option(help="Let leavers through, however many: after a look at a HELD run.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare a system's whole listing with what Waymark was told, as every night."""
    from deploy.cli import hooking

    with refusals(as_json):
        hooking.reconcile(connection, approve=approve, as_json=as_json)
