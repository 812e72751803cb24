"""The pages of figures: the overview, each figure with its list, the snapshots."""
