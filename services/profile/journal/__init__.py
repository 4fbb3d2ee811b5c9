"""What a person writes for themself alone: reflections, notes, aspirations, strengths, insights."""
