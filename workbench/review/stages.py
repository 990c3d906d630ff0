"""Where does a review stand between first file and issued report?"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """draft -> submitted -> approved -> issued; a return leads from submitted back to draft."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
