"""Back-ups: one encrypted file with the database, the files and the field keys, and the way back from it."""
