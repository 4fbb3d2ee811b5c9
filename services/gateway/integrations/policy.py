"""Who may do what with connections, deliveries and subscriptions. What has no rule is denied."""

from shared.policy import Policy, granted, scoped

CONNECTION = "CONNECTION"
DELIVERY = "DELIVERY"
SUBSCRIPTION = "SUBSCRIPTION"

_ADMINISTER = (granted("ADMIN"), scoped("connections:write"))
_LOOK = (*_ADMINISTER, scoped("connections:read"))
_SUBSCRIBE = (granted("ADMIN"), scoped("subscriptions:write"))

POLICY = Policy(
    {
        (CONNECTION, "READ"): (*_LOOK, granted("HR_PARTNER")),
        (CONNECTION, "CHANGE"): _ADMINISTER,
        (DELIVERY, "READ"): _LOOK,
        (DELIVERY, "CHANGE"): _ADMINISTER,
        (SUBSCRIPTION, "READ"): (*_SUBSCRIBE, scoped("subscriptions:read")),
        (SUBSCRIPTION, "CHANGE"): _SUBSCRIBE,
    }
)
