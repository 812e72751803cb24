"""Settings: ``live`` for whatever runs, ``test`` for the tests. One small file per subject; ``base`` gathers them."""
