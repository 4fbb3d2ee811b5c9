"""Who may do what with connections and deliveries. What has no rule is denied."""

from shared.policy import Policy, granted, scoped

CONNECTION = "CONNECTION"
DELIVERY = "DELIVERY"

_ADMINISTER = (granted("ADMIN"), scoped("connections:write"))
_LOOK = (*_ADMINISTER, scoped("connections:read"))

POLICY = Policy(
    {
        (CONNECTION, "READ"): (*_LOOK, granted("HR_PARTNER")),
        (CONNECTION, "CHANGE"): _ADMINISTER,
        (DELIVERY, "READ"): _LOOK,
    }
)
