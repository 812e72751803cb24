"""Pages about members: rosters, one record, the deeds done to it."""
