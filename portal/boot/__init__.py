"""How the portal comes up on a bare machine: environment, engines, processes. Nothing here needs Django."""
