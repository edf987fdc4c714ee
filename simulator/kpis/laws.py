"""How a law that records break is told."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def broken(flags: NDArray[Any], sentence: str) -> list[str]:
    """The sentence with the number of rows that break it and the first of them; nothing when none does."""
    rows = np.flatnonzero(flags)
    if rows.size == 0:
        return []
    first = ", ".join(map(str, rows[:3].tolist()))
    return [f"{sentence}: {rows.size} broken, rows {first}{', ...' if rows.size > 3 else ''}"]
