"""Identities, manifests, seals and their verification."""
