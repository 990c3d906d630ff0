"""Who may do what? A role is proved by a certificate when something is signed; in the journal it is the declared hat."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The two hats of a review. They must be two people."""

    REVIEWER = "reviewer"
    PRINCIPAL = "principal"
