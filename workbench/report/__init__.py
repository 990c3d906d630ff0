"""Frozen review to pages."""
