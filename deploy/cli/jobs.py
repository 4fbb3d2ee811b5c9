"""`waymark jobs`: work that the services do later."""

from typing import Annotated
from uuid import UUID

import typer

from deploy.cli.arguments import OneService, Tenant
from deploy.cli.output import Json, refusals

app = typer.Typer(no_args_is_help=True, help="Work that the services do later.")

State = Annotated[str | None, typer.Option("--state", help="waiting, running or failed.")]
Name = Annotated[str | None, typer.Option("--name", help="Such as webhooks.map.")]
Owner = Annotated[str, typer.Argument(help="profile, goals, feedback or gateway.")]


@app.command(name="list")
def list_jobs(
    service: OneService = None,
    state: State = None,
    name: Name = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show what waits, runs or has failed for good; jobs hold ids only."""
    from deploy.cli import working
    from shared.jobs.upkeep import JobState

    if state is not None and state.upper() not in JobState.__members__:
        raise typer.BadParameter("--state: waiting, running or failed.")
    wanted = JobState(state.upper()) if state else None
    with refusals(as_json):
        working.show_all(service, wanted, name=name, tenant_id=tenant, as_json=as_json)


@app.command(name="dead")
def list_dead(
    service: OneService = None, name: Name = None, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Show what has failed for good."""
    from deploy.cli import working
    from shared.jobs.upkeep import JobState

    with refusals(as_json):
        working.show_all(service, JobState.FAILED, name=name, tenant_id=tenant, as_json=as_json)


@app.command()
def retry(
    service: Owner,
    jobs: Annotated[list[UUID] | None, typer.Argument(help="All that failed if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Make failed jobs due again, with all their attempts."""
    from deploy.cli import working

    with refusals(as_json):
        working.retry(service, jobs or [], as_json=as_json)


@app.command()
def drop(service: Owner, jobs: list[UUID], as_json: Json = False) -> None:
    """Remove failed jobs."""
    from deploy.cli import working

    with refusals(as_json):
        working.drop(service, jobs, as_json=as_json)
