"""Small reviews: scopes, findings and verdicts that are complete enough to be signed."""

from workbench.asset.scope import Mandate, Scope
from workbench.review.document import Signed, WindowEntry
from workbench.review.edits import LockScope, RecordFinding, RegisterWindow, SetScope, SetVerdict
from workbench.review.finding import Confidence, Evidence, Finding, Selection, Severity
from workbench.review.verdict import AnswerWord, Recommendation, Verdict

SCOPE = Scope(
    client="A Bank", mandate=Mandate.REFINANCING, question="Is the displayed state sufficient?", asset="Site A", boundary="6 racks", materiality="1 point", firm="Engineers"
)  # fmt: skip
VERDICT = Verdict(answer=AnswerWord.NO, reason="One cell limits rack R02.", recommendation=Recommendation.TIGHTEN)
WINDOW = WindowEntry(id="0123456789ab", name="March", root="ab" * 32)
EVIDENCE = Evidence(view="heatmap", title="R02", recipe="{}", picture_sha256="11" * 32, extract_sha256="22" * 32, window_root="ab" * 32)


def finding(number=1, evidence=(EVIDENCE,), **changes):
    fields = {
        "id": f"F-{number:02d}", "title": f"Cell {number} is low", "observation": "seen", "meaning": "means", "severity": Severity.MAJOR, "confidence": Confidence.HIGH,
        "selection": Selection(window_id=WINDOW.id, start_ns=0, end_ns=1, rack="R02", cells=(number,)), "evidence": tuple(evidence),
    }  # fmt: skip
    return Finding(**{**fields, **changes})


def signed(name="Rita", role="reviewer"):
    return Signed(name=name, role=role, time_ns=1, report_sha256="33" * 32)


def ready_edits():
    """What a reviewer does before submitting."""
    return [
        SetScope(scope=SCOPE),
        LockScope(),
        RegisterWindow(window=WINDOW),
        RecordFinding(finding=finding()),
        SetVerdict(verdict=VERDICT),
    ]
