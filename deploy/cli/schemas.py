"""`waymark schema`: the documents of the interfaces, which are committed."""

from importlib import import_module

import typer

from deploy.cli.output import write_json


def write_schemas(*, check: bool, release: bool, as_json: bool) -> None:
    """The files that differ or were written, from `deploy.cli.schema`; raises `PromiseBroken` for a release."""
    changed: list[str] = import_module("deploy.cli.schema").write_all(check=check)
    if release and not check and import_module("deploy.cli.contract").release():
        changed.append("services/gateway/schema.released.graphql")
    if as_json:
        write_json({"changed": changed, "check": check})
    else:
        for name in changed:
            print(f"{name} differs: run `make schema`." if check else f"{name} written.")
    if check and changed:
        raise typer.Exit(1)
