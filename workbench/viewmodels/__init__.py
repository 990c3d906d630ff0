"""Frozen pictures: the same on screen and on paper."""
