"""`/goals/{id}/milestones` and `/goals/milestones/{id}`: milestones with their verbs."""

from uuid import UUID

from fastapi import status

from services.goals.goals import milestones
from services.goals.goals.models import GoalMilestone
from services.goals.goals.schemas import (
    MilestoneChange,
    MilestoneComplete,
    MilestoneCreate,
    MilestoneRead,
)
from shared.door import Acting, Transaction, router

routes = router("/goals", "milestones")


@routes.post(
    "/{goal_id}/milestones", response_model=MilestoneRead, status_code=status.HTTP_201_CREATED
)
async def add_milestone(
    session: Transaction, principal: Acting, goal_id: UUID, wanted: MilestoneCreate
) -> GoalMilestone:
    return await milestones.add(session, principal, goal_id=goal_id, wanted=wanted)


@routes.patch("/milestones/{milestone_id}", response_model=MilestoneRead)
async def change_milestone(
    session: Transaction, principal: Acting, milestone_id: UUID, wanted: MilestoneChange
) -> GoalMilestone:
    """Changes the members that are sent; a later due date reopens a missed milestone."""
    return await milestones.change(session, principal, milestone_id=milestone_id, wanted=wanted)


@routes.post("/milestones/{milestone_id}/start", response_model=MilestoneRead)
async def start_milestone(
    session: Transaction, principal: Acting, milestone_id: UUID
) -> GoalMilestone:
    return await milestones.start(session, principal, milestone_id=milestone_id)


@routes.post("/milestones/{milestone_id}/complete", response_model=MilestoneRead)
async def complete_milestone(
    session: Transaction,
    principal: Acting,
    milestone_id: UUID,
    told: MilestoneComplete | None = None,
) -> GoalMilestone:
    return await milestones.complete(
        session, principal, milestone_id=milestone_id, told=told or MilestoneComplete()
    )


@routes.post("/milestones/{milestone_id}/cancel", response_model=MilestoneRead)
async def cancel_milestone(
    session: Transaction, principal: Acting, milestone_id: UUID
) -> GoalMilestone:
    return await milestones.cancel(session, principal, milestone_id=milestone_id)
