"""`waymark events`: facts between the services."""

from typing import Annotated

import typer

from deploy.cli.arguments import OneService, Since, Tenant, in_utc
from deploy.cli.output import Json, refusals

app = typer.Typer(no_args_is_help=True, help="Facts between the services.")
dead = typer.Typer(no_args_is_help=True, help="Facts that a service could not apply.")
app.add_typer(dead, name="dead")

Overtaken = Annotated[
    bool,
    typer.Option("--overtaken", help="Also when a newer fact of its subject was applied since."),
]
OneGroup = Annotated[str | None, typer.Option("--group", help="Such as goals-people.")]


@app.command()
def tail(
    service: OneService = None,
    type: Annotated[
        str | None, typer.Option("--type", help="Such as goal.progressed, goal.* or a whole type.")
    ] = None,
    tenant: Tenant = None,
    since: Since = None,
    full: Annotated[bool, typer.Option("--full", help="With the contents.")] = False,
    as_json: Json = False,
) -> None:
    """Print facts as they are stored, until Ctrl-C: ids, and no contents."""
    from deploy.cli import tailing

    with refusals(as_json):
        tailing.tail(
            service, type, tenant_id=tenant, since=in_utc(since), full=full, as_json=as_json
        )


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="profile, goals, feedback or gateway.")],
    group: Annotated[
        str | None, typer.Argument(help="One group, e.g. people; all if left out.")
    ] = None,
    since: Since = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Empty a read model and replay the stream into it; readers see the old rows until it is done.

    With --since nothing is emptied: what was stored from then on and not applied yet is applied.
    """
    from deploy.cli import replaying

    with refusals(as_json):
        replaying.replay(service, group, since=in_utc(since), tenant_id=tenant, as_json=as_json)


@dead.command(name="list")
def list_dead(
    service: OneService = None,
    group: OneGroup = None,
    tenant: Tenant = None,
    trying: Annotated[
        bool, typer.Option("--trying", help="Also what is still tried, or waits for such a one.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show dead letters with their reasons; contents are not shown."""
    from deploy.cli import dead_letters

    wanted = dead_letters.Wanted(service, group, tenant)
    if trying:
        wanted = dead_letters.Wanted(service, group, tenant, state=None)
    with refusals(as_json):
        dead_letters.show_all(wanted, as_json=as_json)


@dead.command(name="show")
def show_dead(
    letter: Annotated[str, typer.Argument(help="The id that `list` shows.")],
    tenant: Tenant = None,
    full: Annotated[bool, typer.Option("--full", help="With the contents.")] = False,
    as_json: Json = False,
) -> None:
    """Show one dead letter."""
    from deploy.cli import dead_letters

    with refusals(as_json):
        dead_letters.show(letter, tenant_id=tenant, full=full, as_json=as_json)


@dead.command(name="replay")
def replay_dead(
    letter: Annotated[str | None, typer.Argument(help="The id that `list` shows.")] = None,
    group: OneGroup = None,
    tenant: Tenant = None,
    overtaken: Overtaken = False,
    as_json: Json = False,
) -> None:
    """Give a dead letter, or with --group all of a group, to the handler again; exit code 1 unless all were applied."""
    from deploy.cli import dead_letters

    if (letter is None) == (group is None):
        raise typer.BadParameter("Name one letter, or a group with --group.")
    with refusals(as_json):
        if letter is not None:
            dead_letters.replay(letter, tenant_id=tenant, overtaken=overtaken, as_json=as_json)
        else:
            wanted = dead_letters.Wanted(group=group, tenant_id=tenant)
            dead_letters.replay_all(wanted, overtaken=overtaken, as_json=as_json)


@dead.command(name="drop")
def drop_dead(
    letter: Annotated[str, typer.Argument(help="The id that `list` shows.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the log.")],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Give a dead letter up."""
    from deploy.cli import dead_letters

    with refusals(as_json):
        dead_letters.drop(letter, tenant_id=tenant, reason=reason, as_json=as_json)
