"""What only a person states of a finding: how much it matters and how sure they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.errors import Reason, UsageError
from workbench.review.edit_rules import need_finding
from workbench.review.edits import ReviseFinding
from workbench.review.finding import Confidence, Severity

if TYPE_CHECKING:
    from workbench.workflow.session import Session


def judged(session: Session, finding_ids: Sequence[str], *, severity: str = "", confidence: str = "") -> list[str]:
    """State either or both of each finding; all are looked up before any is changed. Returns what was done, in words."""
    if not severity and not confidence:
        raise UsageError(
            Reason.USAGE, "Nothing is stated of these findings.", "Say how much they matter or how sure you are: --severity, --confidence."
        )
    found = [need_finding(session.document, name) for name in dict.fromkeys(finding_ids)]
    done = []
    for one in found:
        stated = replace(
            one,
            severity=Severity(severity) if severity else one.severity,
            confidence=Confidence(confidence) if confidence else one.confidence,
            changed_ns=time.time_ns(),
        )
        session.do(ReviseFinding(finding=stated))
        done.append(f"{one.id} severity {stated.severity}, confidence {stated.confidence or 'not stated'}")
    return done
