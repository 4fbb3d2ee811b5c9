"""`/goals`: goals with their verbs. A verb honours If-Match when it is sent; a PATCH needs it."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response, status

from services.goals.accesses.commands import noted
from services.goals.accesses.rules import Kept
from services.goals.goals import calendar, commands, policies, queries
from services.goals.goals.models import Goal, GoalPolicy
from services.goals.goals.rules import GoalState
from services.goals.goals.schemas import (
    GoalChange,
    GoalClose,
    GoalCreate,
    GoalDetail,
    GoalPolicyFields,
    GoalPolicyRead,
    GoalProgress,
    GoalRead,
    GoalReason,
    GoalUpdateRead,
    MilestoneRead,
)
from shared import files
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next, page_of
from shared.problems import PreconditionFailed

routes = router("/goals", "goals")


def _version_if_told(if_match: Annotated[str | None, Header()] = None) -> int | None:
    if if_match is None:
        return None
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise PreconditionFailed("If-Match: send back the ETag as you got it.") from None


VersionIfTold = Annotated[int | None, Depends(_version_if_told)]


@routes.get("", response_model=list[GoalRead])
async def list_goals(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    state: Annotated[list[GoalState], Query(max_length=9)] = [],  # noqa: B006
) -> Sequence[Goal]:
    """The goals that you may see, of all or of one person."""
    rows = queries.matching(principal, person_id=person_id, states=state)
    found, after = await page_of(session, rows, key=Goal.id, page=page)
    link_next(request, response, after)
    await noted(session, principal, what=Kept.GOALS, people={each.person_id for each in found})
    return found


@routes.get(
    "/calendar.ics",
    response_class=Response,
    responses=files.documented(files.ICS, "A whole day an open goal and milestone."),
)
async def list_due_dates(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
) -> Response:
    """When one's own or a person's goals and milestones are due, for a calendar."""
    due = await calendar.of_person(session, principal, person_id=person_id)
    return files.calendar("goals.ics", due)


@routes.get("/policy", response_model=GoalPolicyRead)
async def get_policy(response: Response, session: Transaction, principal: Acting) -> GoalPolicy:
    policy = await queries.policy_of(session)
    etag(response, policy.version)
    return policy


@routes.put("/policy", response_model=GoalPolicyRead)
async def put_policy(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    wanted: GoalPolicyFields,
) -> GoalPolicy:
    policy = await policies.replace(session, principal, expected_version=expected, wanted=wanted)
    etag(response, policy.version)
    return policy


@routes.post("", response_model=GoalRead, status_code=status.HTTP_201_CREATED)
async def create_goal(
    response: Response, session: Transaction, principal: Acting, wanted: GoalCreate
) -> Goal:
    """A draft with the verdict of the SMART rules."""
    goal = await commands.create(session, principal, wanted=wanted)
    response.headers["Location"] = f"/goals/{goal.id}"
    return _tagged(response, goal)


@routes.get("/{goal_id}", response_model=GoalDetail)
async def get_goal(
    response: Response, session: Transaction, principal: Acting, goal_id: UUID
) -> GoalDetail:
    """A goal with its milestones and the newest of its log."""
    goal = _tagged(response, await queries.get_one(session, principal, goal_id))
    await noted(session, principal, what=Kept.GOALS, people=[goal.person_id])
    milestones = await queries.milestones_of(session, goal_id)
    updates = await queries.updates_of(session, goal_id)
    return GoalDetail(
        **GoalRead.model_validate(goal).model_dump(exclude={"suggests_closing"}),
        milestones=[MilestoneRead.model_validate(each) for each in milestones],
        updates=[GoalUpdateRead.model_validate(each) for each in updates],
    )


@routes.patch("/{goal_id}", response_model=GoalRead)
async def change_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: ExpectedVersion,
    wanted: GoalChange,
) -> Goal:
    """Changes the members that are sent."""
    goal = await commands.change(
        session, principal, goal_id=goal_id, expected_version=expected, wanted=wanted
    )
    return _tagged(response, goal)


@routes.post("/{goal_id}/propose", response_model=GoalRead)
async def propose_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
) -> Goal:
    goal = await commands.propose(session, principal, goal_id=goal_id, expected_version=expected)
    return _tagged(response, goal)


@routes.post("/{goal_id}/activate", response_model=GoalRead)
async def activate_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
) -> Goal:
    """Approves a proposal, or activates one's own goal where the tenant's policy allows it."""
    goal = await commands.activate(session, principal, goal_id=goal_id, expected_version=expected)
    return _tagged(response, goal)


@routes.post("/{goal_id}/progress", response_model=GoalRead)
async def report_progress(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
    told: GoalProgress,
) -> Goal:
    goal = await commands.report_progress(
        session, principal, goal_id=goal_id, expected_version=expected, told=told
    )
    return _tagged(response, goal)


@routes.post("/{goal_id}/hold", response_model=GoalRead)
async def hold_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
) -> Goal:
    goal = await commands.hold(session, principal, goal_id=goal_id, expected_version=expected)
    return _tagged(response, goal)


@routes.post("/{goal_id}/resume", response_model=GoalRead)
async def resume_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
) -> Goal:
    goal = await commands.resume(session, principal, goal_id=goal_id, expected_version=expected)
    return _tagged(response, goal)


@routes.post("/{goal_id}/close", response_model=GoalRead)
async def close_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
    told: GoalClose,
) -> Goal:
    goal = await commands.close(
        session, principal, goal_id=goal_id, expected_version=expected, told=told
    )
    return _tagged(response, goal)


@routes.post("/{goal_id}/cancel", response_model=GoalRead)
async def cancel_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
    told: GoalReason,
) -> Goal:
    goal = await commands.cancel(
        session, principal, goal_id=goal_id, expected_version=expected, reason=told.reason
    )
    return _tagged(response, goal)


@routes.post("/{goal_id}/archive", response_model=GoalRead)
async def archive_goal(
    response: Response,
    session: Transaction,
    principal: Acting,
    goal_id: UUID,
    expected: VersionIfTold,
) -> Goal:
    goal = await commands.archive(session, principal, goal_id=goal_id, expected_version=expected)
    return _tagged(response, goal)


def _tagged(response: Response, goal: Goal) -> Goal:
    etag(response, goal.version)
    return goal
