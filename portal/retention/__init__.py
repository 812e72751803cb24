"""What is kept how long, rule by rule; a report before anything goes; no person's record goes by the clock."""
