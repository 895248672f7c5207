"""The city as it stands: its store, its projection, its ground."""

__version__ = "0.1.0"
