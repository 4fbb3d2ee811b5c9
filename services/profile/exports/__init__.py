"""Everything that profile holds about somebody, handed to them as files."""
