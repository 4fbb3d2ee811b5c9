"""Everything that a front end may write: each mutation one declaration over a service's own door."""

from services.gateway.types import (
    association_writes,
    export,
    inputs,
    migration,
    network_writes,
)
from services.gateway.types.assessment_writes import ASSESSMENT_WRITES
from services.gateway.types.checkin import CheckIn
from services.gateway.types.consent import Consent
from services.gateway.types.goal import Goal, Milestone
from services.gateway.types.profile_writes import PROFILE_WRITES
from services.gateway.types.rating import (
    AnswerRatingInput,
    AskRatingInput,
    CancelRatingInput,
    DeclineRatingInput,
    Rating,
)
from services.gateway.types.skill import SkillAssertion
from services.gateway.types.weights import SetSourceWeightsInput, SourceWeights
from services.gateway.types.writing import Write


def _skill(name: str, description: str, taken: type, path: str) -> Write:
    return Write(
        name, description, taken, "profile", "POST", f"/skills/assertions{path}", SkillAssertion
    )


def _goal(name: str, description: str, taken: type, path: str, method: str = "POST") -> Write:
    return Write(name, description, taken, "goals", method, f"/goals{path}", Goal)


def _milestone(name: str, description: str, taken: type, path: str) -> Write:
    return Write(name, description, taken, "goals", "POST", f"/goals{path}", Milestone)


def _check_in(name: str, description: str, taken: type, path: str, method: str = "POST") -> Write:
    return Write(name, description, taken, "feedback", method, f"/checkins{path}", CheckIn)


def _consent(name: str, description: str, taken: type, path: str) -> Write:
    return Write(name, description, taken, "profile", "POST", path, Consent)


def _rating(name: str, description: str, taken: type, path: str) -> Write:
    return Write(name, description, taken, "profile", "POST", f"/ratings{path}", Rating)


WRITES: tuple[Write, ...] = (
    *network_writes.WRITES,
    *association_writes.WRITES,
    *migration.WRITES,
    *export.WRITES,
    *ASSESSMENT_WRITES,
    _skill("recordSkill", "Says how well somebody masters a skill.", inputs.RecordSkillInput, ""),
    _skill(
        "requestSkillReview",
        "Asks who leads one to stand for what one has said of a skill.",
        inputs.DecideSkillInput,
        "/{assertionId}/request-review",
    ),
    _skill(
        "confirmSkill",
        "Confirms what somebody said of a skill.",
        inputs.DecideSkillInput,
        "/{assertionId}/confirm",
    ),
    _skill(
        "rejectSkill",
        "Does not agree to what somebody said of a skill.",
        inputs.RetractSkillInput,
        "/{assertionId}/reject",
    ),
    _skill(
        "retractSkill",
        "Takes back what one has said of a skill.",
        inputs.RetractSkillInput,
        "/{assertionId}/retract",
    ),
    _consent(
        "revokeShare",
        "Takes a result back from who was let in, at once.",
        inputs.RevokeConsentInput,
        "/consents/{consentId}/revoke",
    ),
    _consent(
        "grantConsent",
        "Lets somebody, or everybody here, see something of oneself.",
        inputs.GrantConsentInput,
        "/people/{personId}/consents",
    ),
    _consent(
        "revokeConsent",
        "Takes a consent back, at once.",
        inputs.RevokeConsentInput,
        "/consents/{consentId}/revoke",
    ),
    _rating("askRating", "Asks a colleague to rate skills.", AskRatingInput, ""),
    _rating(
        "answerRating",
        "Says how well a colleague masters what one is asked for.",
        AnswerRatingInput,
        "/{ratingId}/answer",
    ),
    _rating("declineRating", "Would rather not rate.", DeclineRatingInput, "/{ratingId}/decline"),
    _rating(
        "cancelRating",
        "Does not ask for a rating any more.",
        CancelRatingInput,
        "/{ratingId}/cancel",
    ),
    Write(
        "setSourceWeights",
        "Sets how much sources of evidence count; all levels follow.",
        SetSourceWeightsInput,
        "profile",
        "PUT",
        "/weights",
        SourceWeights,
    ),
    _goal(
        "createGoal",
        "Writes down a goal; the answer has its SMART check.",
        inputs.CreateGoalInput,
        "",
    ),
    _goal("updateGoal", "Changes a goal.", inputs.UpdateGoalInput, "/{goalId}", "PATCH"),
    _goal("proposeGoal", "Asks for a yes to a goal.", inputs.GoalStepInput, "/{goalId}/propose"),
    _goal("activateGoal", "Starts work on a goal.", inputs.GoalStepInput, "/{goalId}/activate"),
    _goal(
        "updateGoalProgress",
        "Says how far a goal is.",
        inputs.UpdateGoalProgressInput,
        "/{goalId}/progress",
    ),
    _goal("holdGoal", "Pauses a goal.", inputs.GoalStepInput, "/{goalId}/hold"),
    _goal("resumeGoal", "Goes on with a paused goal.", inputs.GoalStepInput, "/{goalId}/resume"),
    _goal("closeGoal", "Says how a goal ended.", inputs.CloseGoalInput, "/{goalId}/close"),
    _goal("cancelGoal", "Drops a goal.", inputs.CancelGoalInput, "/{goalId}/cancel"),
    _milestone(
        "addMilestone",
        "Adds a step on the way to a goal.",
        inputs.AddMilestoneInput,
        "/{goalId}/milestones",
    ),
    _milestone(
        "startMilestone",
        "Begins a milestone whose predecessors are done.",
        inputs.MilestoneStepInput,
        "/milestones/{milestoneId}/start",
    ),
    _milestone(
        "completeMilestone",
        "Says that a milestone is done.",
        inputs.MilestoneStepInput,
        "/milestones/{milestoneId}/complete",
    ),
    _check_in("scheduleCheckIn", "Plans a check-in.", inputs.ScheduleCheckInInput, ""),
    _check_in(
        "updateCheckIn", "Changes a check-in.", inputs.UpdateCheckInInput, "/{checkInId}", "PATCH"
    ),
    _check_in(
        "prepareCheckIn",
        "Says that one is prepared.",
        inputs.CheckInStepInput,
        "/{checkInId}/prepare",
    ),
    _check_in(
        "holdCheckIn", "Says that it took place.", inputs.CheckInStepInput, "/{checkInId}/hold"
    ),
    _check_in(
        "acknowledgeCheckIn",
        "Says that one has seen the notes.",
        inputs.CheckInStepInput,
        "/{checkInId}/acknowledge",
    ),
    _check_in(
        "completeCheckIn",
        "Closes a check-in whose notes both have seen; a recurring one plans the next.",
        inputs.CheckInStepInput,
        "/{checkInId}/complete",
    ),
    _check_in("cancelCheckIn", "Calls it off.", inputs.CheckInStepInput, "/{checkInId}/cancel"),
    _check_in(
        "addAgendaItem",
        "Puts a point on the agenda.",
        inputs.AddAgendaItemInput,
        "/{checkInId}/agenda",
    ),
    _check_in(
        "addActionItem",
        "Agrees on what one of the two will do.",
        inputs.AddActionItemInput,
        "/{checkInId}/action-items",
    ),
    _check_in(
        "finishActionItem",
        "Says that an action item is done.",
        inputs.FinishActionItemInput,
        "/{checkInId}/action-items/{actionItemId}/complete",
    ),
    _check_in(
        "keepPrivateNote",
        "Keeps a manager's note for themself.",
        inputs.KeepPrivateNoteInput,
        "/{checkInId}/private-note",
        "PUT",
    ),
    *PROFILE_WRITES,
)
