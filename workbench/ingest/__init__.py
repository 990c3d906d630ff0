"""File formats: what owners hand over, read as it is."""
