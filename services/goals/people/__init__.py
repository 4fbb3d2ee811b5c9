"""The read model of people, units and skill levels, told by profile."""
