"""Citizens take part: sessions, what they say in them, and the answers that they get."""
