"""What results mean, in words: texts by scale and band, and what a counsellor or mentor writes of a result."""
