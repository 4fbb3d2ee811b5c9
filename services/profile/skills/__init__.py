"""Skills: the frameworks that name them, what is asserted about people, what follows from it."""
