"""The starter catalogue and the demo organisation, in our own words, as data files with their loaders."""
