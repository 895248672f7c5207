"""Which cells lie in the shade: heights of ground, buildings and trees as a raster, and a sweep away from the sun."""
