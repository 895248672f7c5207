"""What the peers of the sun take, run in their own environment: python peers_of_shade.py solweig|pybdshadow FOLDER."""

import json
import sys
import time
from pathlib import Path

import numpy as np


def solweig(folder: Path) -> dict:
    """Seconds a position on the raster of heights.npy; its shade goes to shade.npy, 1 where the sun is."""
    from solweig import rustalgos  # type: ignore[import-not-found]

    told, heights = json.loads((folder / "told.json").read_text()), np.load(folder / "heights.npy")
    highest, seconds, lit = float(heights.max()), [], []
    for azimuth, altitude in told["few"]:
        began = time.perf_counter()
        found = rustalgos.shadowing.calculate_shadows_wall_ht_25(azimuth, altitude, 1.0, highest, heights)
        seconds.append(time.perf_counter() - began)
        lit.append(np.asarray(found.bldg_sh) > 0.5)
    np.save(folder / "lit.npy", np.array(lit))
    return {"seconds": float(np.mean(seconds))}


def pybdshadow(folder: Path) -> dict:
    """Seconds for one moment of as many buildings as the raster has."""
    import geopandas  # type: ignore[import-not-found]
    import pandas
    from pybdshadow import bdshadow_sunlight  # type: ignore[import-not-found]
    from shapely import box

    corners = np.load(folder / "boxes.npy")
    west, south, height = 11.9 + corners[:, 0] / 70_000, 51.4 + corners[:, 1] / 111_000, corners[:, 4]
    shapes = box(west, south, west + corners[:, 2] / 70_000, south + corners[:, 3] / 111_000)
    told = {"building_id": range(len(shapes)), "height": height}
    buildings = geopandas.GeoDataFrame(told, geometry=list(shapes), crs=4326)
    began = time.perf_counter()
    bdshadow_sunlight(buildings, pandas.to_datetime("2026-03-21 11:00"), roof=False, include_building=False)
    return {"seconds": time.perf_counter() - began}


if __name__ == "__main__":
    print(json.dumps({"solweig": solweig, "pybdshadow": pybdshadow}[sys.argv[1]](Path(sys.argv[2]))))
