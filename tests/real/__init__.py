"""Cities as survey offices deliver them: read from the folder that TWIN_REAL_DATA names."""

import os
from pathlib import Path

import pytest

REAL = Path(os.environ.get("TWIN_REAL_DATA") or Path(__file__).parents[3] / "shared/data")
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason=f"TWIN_REAL_DATA: there is no folder {REAL}")
