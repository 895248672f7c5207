"""Coordinates of GML: from the text of many rings to numbers."""

import numpy as np
import orjson


def points_of(texts: list[str], dimensions: bytearray) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """The points of all rings together.

    texts: "359853.1 5706075.2 29.3 359860 …", one a ring. dimensions: 2 or 3 for each of them.
    Returns (n, 3) metres, NaN where there is no height; the number of points a ring; what is wrong with which ring.
    """
    values, counts, wrong = values_of(texts)
    sizes = np.frombuffer(bytes(dimensions), "uint8").astype("int64")
    uneven = counts % sizes != 0
    sizes[uneven] = np.where(counts[uneven] % 3, 2, 3)  # the file does not keep to what it says
    for ring in np.flatnonzero(counts % sizes != 0).tolist():
        wrong[ring] = f"a ring has {counts[ring]} numbers, which is no multiple of 3"
    counts_used = np.where(counts % sizes == 0, counts, 0)
    values = values[np.repeat(counts_used == counts, counts)] if (counts_used != counts).any() else values
    return placed(values, counts_used, sizes), counts_used // sizes, wrong


def placed(values: np.ndarray, counts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    if (sizes == 3).all():
        return values.reshape(-1, 3)
    points = np.full((int((counts // sizes).sum()), 3), np.nan)
    for size in (2, 3):
        mine = sizes == size
        points[np.repeat(mine, counts // sizes), :size] = values[np.repeat(mine, counts)].reshape(-1, size)
    return points


def values_of(texts: list[str]) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Numbers between single blanks are JSON but for the commas, and nothing reads JSON faster."""
    try:
        values = as_json(texts)
    except orjson.JSONDecodeError:
        texts = [" ".join(text.split()) for text in texts]
        try:
            values = as_json(texts)
        except orjson.JSONDecodeError:
            return one_by_one(texts)
    return values, np.array([text.count(" ") + 1 for text in texts], "int64"), {}


def as_json(texts: list[str]) -> np.ndarray:
    return np.array(orjson.loads("[" + ",".join(texts).replace(" ", ",") + "]"), "float64")


def one_by_one(texts: list[str]) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    values: list[float] = []
    counts, wrong = [], {}
    for i, text in enumerate(texts):
        try:
            numbers = np.array(text.split(), "float64")
        except ValueError:
            numbers = np.zeros(0)
        if not len(numbers) or not np.isfinite(numbers).all():
            wrong[i] = f"its coordinates “{text[:40]}” are no numbers"
            numbers = numbers[:0]
        values += numbers.tolist()
        counts.append(len(numbers))
    return np.array(values, "float64"), np.array(counts, "int64"), wrong
