"""Projects for QGIS 3.22 and later, written without QGIS."""
