"""Approved pictures of the stages in which a review is judged and signed: the demonstration site, whole stages at 1280 x 800, in both themes.

Kept 360 pixels wide in 48 colours. Tolerance: on average 4 of 255 per channel, and at most 3 % of the pixels by more than 48; clocks, digests and
numbers of journal entries differ from run to run and stay within it. To approve new ones, look at them first:
WORKBENCH_APPROVE=1 python -m pytest tests/ui/test_visual_review.py
"""

import pytest
from builders.patience import rest
from builders.pictures import APPROVING, MEAN, SHARE, apart, demonstration

from workbench.jobs.progress import Progress
from workbench.review.edits import SetVerdict
from workbench.review.finding import Confidence
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.ui import theme
from workbench.ui.main_window import MainWindow
from workbench.workflow import demo, findings
from workbench.workflow.session import Session

WIDE, COLOURS, LARGEST = 360, 48, 16_000
STAGES = ("Cells", "Claims", "Findings", "Sign-off")
VERDICT = Verdict(
    answer=AnswerWord.NO,
    reason="One cell limits R02, one leaks in R04; the displayed SoH shows neither.",
    recommendation=Recommendation.REPRICE,
    conditions=("Replace module M3 of R02.",),
)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """The demonstration site with its findings, but for one stated in full, and a verdict."""

    def record(session, window_id, candidate):
        sure = Confidence.HIGH if session.document.findings else None
        findings.accept(session, window_id, candidate, Progress(), confidence=sure)

    path = demonstration(tmp_path_factory.mktemp("reviewed"), record)
    with Session.open(path, author=demo.REVIEWER) as session:
        session.do(SetVerdict(verdict=VERDICT))
    return path


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_judging_and_signing_look_as_they_were_approved(reviewed, qtbot, qapp, shade):
    theme.use(qapp, shade)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_project(reviewed)
    rest(window)
    workspace = window.workspace
    workspace.population.candidates.walk(1)
    seen = {}
    for stage in STAGES:
        window.go(stage)
        rest(window)
        seen[stage] = apart(workspace, f"review-{stage.lower()}-{shade}", WIDE, COLOURS, LARGEST)
    other = apart(workspace, f"review-cells-{shade}", WIDE, COLOURS, LARGEST) if not APPROVING else (MEAN + 1, SHARE + 1)
    window.close()
    theme.use(qapp, "light")
    assert all(mean <= MEAN and share <= SHARE for mean, share in seen.values()), seen
    assert other[0] > MEAN or other[1] > SHARE, "another stage is never taken for the one that was approved"
