"""Who looked at what of somebody, by which right: for that person to read."""
