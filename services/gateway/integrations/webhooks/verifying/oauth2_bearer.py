"""As SuccessFactors sends: an access token of our own issuer, of one client, with the scope of webhooks."""

from services.gateway.integrations.webhooks.verifying.terms import (
    Asked,
    Presented,
    SignatureWrong,
    Verified,
    id_of_request,
)
from shared.auth import bearer
from shared.problems import Unauthenticated


class OAuth2Bearer:
    """The token proves the sender; tenant, client and scope must be those of the connection."""

    async def verify(self, presented: Presented, asked: Asked) -> Verified:
        try:
            claims = await asked.tokens.verify(bearer(presented.headers.get("authorization")))
        except Unauthenticated:
            raise SignatureWrong from None
        allowed = (
            claims.tenant_id == asked.tenant_id
            and claims.client_id is not None
            and claims.client_id == asked.settings.client_id
            and asked.settings.scope in claims.scopes
        )
        if not allowed:
            raise SignatureWrong
        return Verified(id_of_request(presented), asked.now)
