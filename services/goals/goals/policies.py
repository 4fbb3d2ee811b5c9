"""The tenant's policy about goals."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals import queries
from services.goals.goals.models import GoalPolicy
from services.goals.goals.schemas import GoalPolicyFields
from services.goals.policy import POLICY
from shared.problems import PreconditionFailed
from shared.tenancy import Principal


async def replace(
    session: AsyncSession,
    principal: Principal,
    *,
    expected_version: int,
    wanted: GoalPolicyFields,
) -> GoalPolicy:
    """Raises `PreconditionFailed`, `Forbidden`."""
    await POLICY.require(session, principal, "GOAL_POLICY", "CHANGE", principal.person_id)
    fresh = {"self_activation": wanted.self_activation, "version": expected_version + 1}
    stored = await session.execute(
        insert(GoalPolicy)
        .values(tenant_id=principal.tenant_id, **fresh)
        .on_conflict_do_update(
            index_elements=["tenant_id"],
            set_=fresh,
            where=GoalPolicy.version == expected_version,
        )
        .returning(GoalPolicy.version)
        .execution_options(populate_existing=True)
    )
    if stored.one_or_none() is None:
        raise PreconditionFailed("Somebody changed the policy in the meantime.")
    return await queries.policy_of(session)
