"""The map of an indicator as GeoTIFF, in the city's projection."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin


def geotiff(
    values: np.ndarray,
    bounds: tuple[float, float, float, float],
    cell: float,
    epsg: int,
    path: Path,
    about: dict[str, str],
) -> None:
    """values: (rows, columns) float32, north up, NaN where unknown; bounds, cell: metres. about: title, unit ..."""
    rows, columns = values.shape
    place = from_origin(bounds[0], bounds[3], cell, cell)
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32", crs=f"EPSG:{epsg}",
        transform=place, nodata=float("nan"), compress="deflate", tiled=True, predictor=3,
    ) as file:  # fmt: skip
        file.write(values.astype("float32"), 1)
        file.update_tags(**about)
        file.set_band_unit(1, about.get("unit", ""))
