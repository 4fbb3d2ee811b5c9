"""What a front end may wait for: each subscription is a query that is asked again whenever certain facts are told."""

from dataclasses import dataclass

import strawberry

from services.gateway.types.fields import argument, taking
from services.gateway.types.gap import Gap
from services.gateway.types.goal import Goal
from services.gateway.types.task import Task


@dataclass(frozen=True, slots=True)
class Watch:
    """A field of Subscription: the facts that wake it and the field of Query that answers it.

    Facts of another person than the subscription's `personId` do not wake it; those in `of_everybody` name none and
    wake all. With `key` that member of the fact is the query's `id`, of this noun; otherwise the subscription's own
    arguments are the query's, and an answer that equals the last one is not told again.
    """

    answered_by: str
    facts: tuple[str, ...]
    of_everybody: tuple[str, ...] = ()
    key: str | None = None
    noun: str | None = None


@strawberry.type(description="Everything that can be waited for.")
class Subscription:
    goal_changed: Goal | None = taking(
        "A goal of somebody's, each time that it changes; not its drafts, and nothing that you may not see.",
        person_id=argument(strawberry.ID, "Whose goals."),
    )
    gap_changed: Gap | None = taking(
        "Somebody's gap, each time that it comes out differently: new evidence, another role, another version of it.",
        person_id=argument(strawberry.ID, "Whose gap."),
        role_id=argument(
            strawberry.ID | None, "For which role, if not their own.", default=strawberry.UNSET
        ),
    )
    task_added: Task | None = taking(
        "A task of somebody's, when they get it; nobody but they themselves is told.",
        person_id=argument(strawberry.ID, "Whose tasks."),
    )


WATCHES = {
    "goalChanged": Watch(
        answered_by="goal",
        facts=("waymark.goals.goal.*.v1", "waymark.goals.milestone.*.v1"),
        key="goalId",
        noun="Goal",
    ),
    "gapChanged": Watch(
        answered_by="gap",
        facts=(
            "waymark.profile.skill_estimate.changed.v1",
            "waymark.profile.person.*.v1",
            "waymark.profile.assignment.*.v1",
        ),
        of_everybody=("waymark.goals.role.published.v1",),
    ),
    "taskAdded": Watch(
        answered_by="task",
        facts=("waymark.feedback.task.added.v1",),
        key="taskId",
        noun="Task",
    ),
}
