"""Who may do what in feedback. What has no rule is denied; machine clients have none here, admins the access log."""

from services.feedback.people.models import REPORTING, UNIT_TREE, Person
from shared.policy import Policy, granted, granted_over, own, reports

CHECK_IN = "CHECK_IN"
COMPLETION = "CHECK_IN_COMPLETION"
TASK = "TASK"

_PAIR = (own, reports(REPORTING, deepest=1))
_HR = granted_over("HR_PARTNER", people=Person, units=UNIT_TREE)

POLICY = Policy(
    {
        (CHECK_IN, "READ"): _PAIR,
        (CHECK_IN, "SCHEDULE"): _PAIR,
        (TASK, "READ"): (own,),
        (COMPLETION, "READ"): (reports(REPORTING), _HR),
        ("ACCESS_LOG", "READ"): (own,),
        ("ACCESS_LOG", "OVERSEE"): (_HR, granted("ADMIN")),
    }
)
"""A check-in takes two conditions: its employee is oneself or one's direct report **now**, and one is of the pair."""
