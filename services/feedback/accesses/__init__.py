"""Who looked at what this service keeps of somebody, by which right: for that person to read."""
