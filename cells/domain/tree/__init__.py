"""The tree and what changes it.

Every deed that changes who stands under whom takes the one lock of the tree first, so two of them never cross.
"""

from cells.domain.tree.correcting import CellCorrection, correct, correct_many, rename
from cells.domain.tree.ending import dissolve, merge
from cells.domain.tree.footing import CARRIERS, OBSTACLES
from cells.domain.tree.founding import Founding, found, found_many
from cells.domain.tree.moving import move, reorganise

__all__ = [
    "CARRIERS",
    "OBSTACLES",
    "CellCorrection",
    "Founding",
    "correct",
    "correct_many",
    "dissolve",
    "found",
    "found_many",
    "merge",
    "move",
    "rename",
    "reorganise",
]
