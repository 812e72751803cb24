"""Pages for those who let programs in."""
