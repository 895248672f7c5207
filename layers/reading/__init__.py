"""Files of offices, as features. One format, one file."""
