"""Assessments: instruments as data, sessions, and results that belong to the person alone."""
