"""What a mutation may answer instead of its noun: the services' problems under the names that front ends meet."""

import strawberry

from services.gateway.types.fields import shown


@strawberry.interface(description="Why a mutation did not happen. Nothing was changed.")
class Problem:
    code: str = shown("Stable name of this kind of problem, e.g. `goal-already-closed`.")
    title: str = shown("One sentence about the kind of problem.")
    detail: str = shown("What happened here, and the fix where there is one.")


@strawberry.type(description="One wrong field of an input.")
class FieldProblem:
    pointer: str = shown("JSON pointer into the input, e.g. `/timeBound/dueDate`.")
    detail: str = shown("What is wrong and how to mend it.")


@strawberry.type(description="Some fields of the input are not valid.")
class InvalidInput(Problem):
    errors: list[FieldProblem] = shown("The fields, each with the fix.")


@strawberry.type(description="There is no such thing, or it is not yours to see.")
class NotFound(Problem):
    pass


@strawberry.type(description="You may see it, but not do that with it.")
class Forbidden(Problem):
    pass


@strawberry.type(description="It does not fit the current state of things.")
class Conflict(Problem):
    pass


@strawberry.type(description="That step is not possible from the current state.")
class StateTransition(Problem):
    allowed: list[str] = shown("The steps that are possible from here.")


@strawberry.type(description="Somebody changed it since you read it: read it again.")
class StaleVersion(Problem):
    pass


PROBLEMS = (InvalidInput, NotFound, Forbidden, Conflict, StateTransition, StaleVersion)

BY_SLUG = {
    "invalid": "InvalidInput",
    "bad-request": "InvalidInput",
    "not-found": "NotFound",
    "forbidden": "Forbidden",
    "state-transition": "StateTransition",
    "precondition-failed": "StaleVersion",
    "precondition-required": "StaleVersion",
}
BY_STATUS = {
    400: "InvalidInput",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    412: "StaleVersion",
    422: "InvalidInput",
}
