"""People, their organisation and their job history."""
