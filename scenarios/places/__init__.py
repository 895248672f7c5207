"""Empty and available places: land that coheres, candidates in the data, and which use fits where."""
