"""Facts on their way to other systems: stored once, one delivery a subscription, sent until taken or given up."""
