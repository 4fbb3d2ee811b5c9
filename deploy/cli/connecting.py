"""`waymark connections`: the systems that may send webhooks."""

from deploy.cli.output import write_json
from deploy.cli.reaching import ask
from deploy.local.installation import running_installation


def create(kind: str, name: str, *, as_json: bool) -> None:
    """Raises `DoorRefused` with the gateway's own words."""
    wanted = {"kind": kind.upper(), "name": name}
    connection = ask("POST", "/connections", scopes=["connections:write"], body=wanted)
    if as_json:
        write_json(connection)
    else:
        url = running_installation().url
        print(f"id      {connection['id']}\nsecret  {connection['secret']}")
        print(f"send to {url}/webhooks/{connection['id']}  (the secret is shown only now)")
