"""`waymark doctor`: a whole installation looked over, one line per finding, each with its fix."""

import asyncio
import os
from dataclasses import asdict

import typer
from rich.console import Console
from rich.markup import escape

from deploy.cli import examinations
from deploy.cli.examinations import Finding
from deploy.cli.migrating import effective_environment
from deploy.cli.output import write_json
from deploy.local import installation
from deploy.local.home import home_path
from deploy.local.installation import Installation

MARKS = {"OK": "[green]✓[/]", "NOTE": "[yellow]![/]", "WRONG": "[red]✗[/]"}


def doctor(*, as_json: bool) -> None:
    environment = effective_environment()
    os.environ.update(environment)
    findings = asyncio.run(_examine(environment))
    wrong = [finding for finding in findings if finding.state == "WRONG"]
    if as_json:
        write_json({"healthy": not wrong, "findings": [asdict(finding) for finding in findings]})
    else:
        _print(findings)
    if wrong:
        raise typer.Exit(1)


async def _examine(environment: dict[str, str]) -> list[Finding]:
    groups = await asyncio.gather(
        examinations.settings(environment),
        examinations.databases(environment),
        examinations.events(environment),
        examinations.signing_keys(environment),
        _processes(),
    )
    return [finding for group in groups for finding in group]


async def _processes() -> list[Finding]:
    home = home_path()
    try:
        made = Installation.read(home)
    except installation.NoInstallation as reason:
        return [Finding("processes", "NOTE", str(reason))]
    if installation.running_pid(home) is None:
        return [Finding("processes", "NOTE", f"Waymark does not run from {home}.", "waymark up")]
    return await examinations.doors(made)


def _print(findings: list[Finding]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        console.print(f"{MARKS[finding.state]} {finding.subject}: {escape(finding.message)}")
        if finding.fix:
            console.print(f"    {escape(finding.fix)}")
