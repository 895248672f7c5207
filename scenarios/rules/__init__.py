"""Figures of law, norm and experience, as data: each with its source and date."""
