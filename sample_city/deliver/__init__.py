"""The town as the offices hand it over: each in its own format, with its own column names."""
