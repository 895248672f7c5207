"""How fast it is, beside the tools that one would use instead: `make bench`."""
