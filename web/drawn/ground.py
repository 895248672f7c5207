"""The ground of the scene: the terrain where it is known, else a plane; heights count from the town's middle."""

import numpy as np
from sqlalchemy.orm import Session

from twin.city import City
from twin.ground import bounds_of, heights_at
from twin.projection import LONLAT, transformer

EDGE = 2.0  # metres within the terrain's bounds, where heights are sure to be known


class Ground:
    """level: metres above sea level of the scene's zero, where the camera looks; None where there is no terrain."""

    def __init__(self, db: Session, level: float | None):
        self.db = db
        self.bounds = bounds_of(db)
        self.flat = level is None
        self.level = level or 0.0

    @staticmethod
    def level_of(db: Session, city: City) -> float | None:
        """The terrain in the town's middle, or its median where the middle is unknown."""
        bounds = bounds_of(db)
        if bounds is None:
            return None
        x, y = transformer(LONLAT, city.srid).transform(city.longitude, city.latitude)
        middle = float(heights_at(db, np.array([x]), np.array([y]))[0])
        if np.isfinite(middle):
            return round(middle, 1)
        minx, miny, maxx, maxy = bounds
        grid = np.meshgrid(np.linspace(minx, maxx, 20), np.linspace(miny, maxy, 20))
        known = heights_at(db, grid[0].ravel(), grid[1].ravel())
        known = known[np.isfinite(known)]
        return round(float(np.median(known)), 1) if len(known) else None

    def heights(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Heights in the scene. x, y: (n,) metres. In a hole the scene's zero; beyond the terrain, that of its edge."""
        if self.flat or self.bounds is None or len(x) == 0:
            return np.zeros(len(x))
        west, south, east, north = self.bounds
        x, y = np.clip(x, west + EDGE, east - EDGE), np.clip(y, south + EDGE, north - EDGE)
        return np.nan_to_num(heights_at(self.db, x, y).astype(float) - self.level, nan=0.0)
