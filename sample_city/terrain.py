"""The land under the town: a river with its floodplain, a spur above it, a brook, and hills all around."""

import numpy as np

RIVER_WIDTH = 26.0  # metres
BROOK_WIDTH = 5.0


def river_y(x):
    """North of the market by so many metres flows the river, at so many metres east of it."""
    x = np.asarray(x, float)
    far = np.clip((np.abs(x) - 1500) / 3000, 0, 1)
    return 400 + 45 * np.sin(x / 310 + 0.4) + far * 700 * np.sin(x / 2600)


def brook_x(y):
    return -405 + 22 * np.sin(np.asarray(y, float) / 150)


def rail_y(x):
    """The railway keeps to the foot of the northern slope, out of the floods."""
    return river_y(x) * 0.12 + 742 + 0.88 * (river_y(np.asarray(x) * 0.97) - river_y(np.clip(x, -1500, 1500)))


class Terrain:
    """Heights above sea level, in metres, at metres east (x) and north (y) of the market."""

    def __init__(self, seed: int):
        rng = np.random.default_rng((seed, 1))
        self.near = _waves(rng, 7, 260, 800)
        self.far = _waves(rng, 9, 2200, 5200)

    def heights(self, x, y) -> np.ndarray:
        x, y = np.asarray(x, float), np.asarray(y, float)
        off = y - river_y(x)
        hilly = _rise(off, 430, 900) + _rise(-off, 90, 500)
        remote = _rise(np.hypot(x, y), 1600, 4200)
        return (
            148.0
            - 0.0003 * x  # the river falls to the east
            + 46 * _rise(off, 430, 1400)
            + 22 * _rise(-off, 45, 185)
            + 26 * _rise(-off, 200, 1700)
            - 17 * _rise(-off, 70, 330) * np.exp(-(((x - brook_x(y)) / 62) ** 2)) * (1 - remote)
            - 7 * _rise(-off, 60, 260) * np.exp(-(((x - 420) / 150) ** 2)) * (1 - remote)
            + hilly * (2.2 * _sum(self.near, x, y) + remote * 14 * _sum(self.far, x, y))
            + 0.25 * _sum(self.near, 3 * x, 3 * y)
            - 2.4 * (1 - _rise(np.abs(off), RIVER_WIDTH / 2 - 1, RIVER_WIDTH / 2 + 7))
        )


def _rise(value, low, high):
    """0 below `low`, 1 above `high`, smooth between."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


def _waves(rng, count, shortest, longest):
    length, angle = rng.uniform(shortest, longest, count), rng.uniform(0, 2 * np.pi, count)
    return np.column_stack([np.cos(angle) / length, np.sin(angle) / length, rng.uniform(0, 1, count)]) * 2 * np.pi


def _sum(waves, x, y):
    total = np.zeros(np.broadcast(x, y).shape)
    for along_x, along_y, phase in waves:
        total += np.sin(along_x * x + along_y * y + phase)
    return total / np.sqrt(len(waves))
