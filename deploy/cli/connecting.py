"""`waymark connections`: the systems that may send webhooks."""

import httpx

from deploy.cli import tokens
from deploy.cli.output import write_json
from deploy.local.installation import Installation, running_installation
from deploy.local.problems import Refused


class ConnectionRefused(Refused):
    """The gateway did not make the connection."""


def create(kind: str, name: str, *, as_json: bool) -> None:
    """Raises `ConnectionRefused` with the gateway's own words."""
    made = running_installation()
    try:
        connection = _post(made, {"kind": kind.upper(), "name": name})
    except httpx.HTTPError as error:
        raise ConnectionRefused(f"The gateway at {made.url} does not answer: {error}") from None
    if as_json:
        write_json(connection)
    else:
        print(f"id      {connection['id']}\nsecret  {connection['secret']}")
        print(f"send to {made.url}/webhooks/{connection['id']}  (the secret is shown only now)")


def _post(made: Installation, connection: dict[str, str]) -> dict[str, str]:
    bearer = tokens.client_token(made, ["connections:write"])
    with httpx.Client(base_url=made.url, trust_env=False, timeout=15) as client:
        answer = client.post(
            "/connections", json=connection, headers={"Authorization": f"Bearer {bearer}"}
        )
    if not answer.is_success:
        raise ConnectionRefused(f"The gateway answered {answer.status_code}: {_reason(answer)}")
    created: dict[str, str] = answer.json()
    return created


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return answer.text[:300]
    details = [f"{each['pointer']} {each['detail']}" for each in problem.get("errors", [])]
    return "; ".join([problem.get("detail") or problem.get("title") or "no reason given", *details])
