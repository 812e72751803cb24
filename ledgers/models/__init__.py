"""Lists on their way in and out: imports, and exports."""

from ledgers.models.exports import Export, Piece
from ledgers.models.imports import Import, StagedRow, Upload

__all__ = ["Export", "Import", "Piece", "StagedRow", "Upload"]
