"""Features to files: each format that others read is one module."""
