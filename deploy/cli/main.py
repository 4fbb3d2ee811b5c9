"""`waymark`: starts, looks after and fills an installation. What a command needs is imported when it is run."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from deploy.cli import events, jobs, webhooks
from deploy.cli.output import Json, refusals

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Starts, looks after and fills a Waymark.",
)
connections = typer.Typer(no_args_is_help=True, help="Systems that send facts to Waymark.")
app.add_typer(connections, name="connections")
for name, noun in (("events", events.app), ("jobs", jobs.app), ("webhooks", webhooks.app)):
    app.add_typer(noun, name=name)

AsPerson = Annotated[
    str | None, typer.Option("--as", metavar="EMAIL", help="The person to act as.")
]
AsClient = Annotated[
    str | None, typer.Option("--client", metavar="NAME", help="A machine client instead.")
]
Scopes = Annotated[
    list[str] | None, typer.Option("--scope", help="A scope of the client; repeat for more.")
]


@app.command()
def up(
    port: Annotated[
        int, typer.Option(envvar="WAYMARK_PORT", help="Taken: the next free one.")
    ] = 8000,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="Everything in one process, for small machines.")
    ] = False,
    seed: Annotated[bool, typer.Option(help="Fill an empty Waymark with a demo company.")] = True,
    as_json: Json = False,
) -> None:
    """Start Waymark here, with its own PostgreSQL and NATS, until Ctrl-C."""
    from deploy.cli import running

    with refusals(as_json):
        running.up(port=port, in_process=in_process, seed=seed, as_json=as_json)


@app.command()
def down(as_json: Json = False) -> None:
    """Stop the Waymark of this WAYMARK_HOME, gracefully."""
    from deploy.cli import running

    with refusals(as_json):
        running.down(as_json=as_json)


@app.command()
def status(as_json: Json = False) -> None:
    """Show every process; exit code 1 unless all are ready."""
    from deploy.cli import running

    with refusals(as_json):
        running.status(as_json=as_json)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check settings, databases, events, keys and ports, each with its fix; exit code 1 if one is wrong."""
    from deploy.cli import doctoring

    with refusals(as_json):
        doctoring.doctor(as_json=as_json)


@app.command()
def migrate(
    databases: Annotated[list[str] | None, typer.Argument(help="All when none is named.")] = None,
    as_json: Json = False,
) -> None:
    """Bring the databases to this code's revision, as their owners."""
    from deploy.cli import migrating

    with refusals(as_json):
        migrating.migrate(databases or [], as_json=as_json)


@app.command()
def token(
    person: AsPerson = None,
    client: AsClient = None,
    scope: Scopes = None,
    tenant: Annotated[UUID | None, typer.Option(help="This installation's when left out.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, help="How long it is good for.")] = 12,
    as_json: Json = False,
) -> None:
    """Print an access token of the local key, in development only."""
    from deploy.cli import tokens

    with refusals(as_json):
        tokens.token(
            tokens.Bearer(person, client, tuple(scope or ()), tenant),
            lifetime=timedelta(hours=hours),
            as_json=as_json,
        )


@app.command()
def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 if one differs.")
    ] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Hold later GraphQL schemas to this one.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the GraphQL schema and the OpenAPI documents that are committed."""
    from deploy.cli import schemas

    with refusals(as_json):
        schemas.write_schemas(check=check, release=release, as_json=as_json)


@app.command()
def seed(as_json: Json = False) -> None:
    """Fill the running Waymark with the demo company, if it is empty."""
    from deploy.cli import seeding

    with refusals(as_json):
        seeding.seed(as_json=as_json)


@app.command(name="import")
def import_(
    kind: Annotated[
        str, typer.Argument(help="onet, gdad, ladder, people, courses, instrument or skill-tests.")
    ],
    path: Annotated[Path, typer.Argument(exists=True)],
    person: AsPerson = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row, change nothing.")
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, help="The columns of a file of people, courses or tests."),
    ] = None,
    order: Annotated[
        Path | None, typer.Option(exists=True, help="The order of GDaD's role levels.")
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="Who offers the courses, or the tests.")
    ] = None,
    system: Annotated[str, typer.Option(help="The system that gave the people's keys.")] = "hris",
    version: Annotated[str | None, typer.Option(help="O*NET's release.")] = None,
    as_json: Json = False,
) -> None:
    """Import a catalogue, people, courses, an instrument or tests into the running Waymark; again changes nothing."""
    from deploy.cli import loading
    from deploy.importers.rows import ReadOptions

    options = ReadOptions(order, mapping, provider, system, version)
    with refusals(as_json):
        loading.import_source(kind, path, options, person=person, dry_run=dry_run, as_json=as_json)


@connections.command(name="create")
def create_connection(
    kind: Annotated[str, typer.Argument(help="lms or hris.")],
    name: str,
    as_json: Json = False,
) -> None:
    """Register a sending system; prints its id and the secret that signs its webhooks, once."""
    from deploy.cli import connecting

    with refusals(as_json):
        connecting.create(kind, name, as_json=as_json)


if __name__ == "__main__":
    app()
