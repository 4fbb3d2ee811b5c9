"""Who knows something: found among those who let themselves be found."""
