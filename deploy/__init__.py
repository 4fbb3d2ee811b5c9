"""How Waymark is started and operated."""
