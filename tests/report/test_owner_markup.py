"""<rack17> and the like, from the owner's columns to the printed page: nothing vanishes, nothing is obeyed."""

import pytest
from builders.exports import Table
from builders.site import SCOPE, VERDICT
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.review.edits import RecordFinding, SetVerdict
from workbench.review.finding import Finding, Selection, Severity
from workbench.workflow import report_contents
from workbench.workflow.session import Session

RACK, PICTURE, WINDOW = "<rack17>", "<img src='/etc/hostname'/>", "March <b>& April</b>"


@pytest.fixture(scope="module")
def printed(paper, tmp_path_factory):
    folder = tmp_path_factory.mktemp("markup")
    path = Table(rows=300).write(folder / "a.csv", extra={f"{RACK} note": [PICTURE] * 300, "State": [RACK, "ok"] * 150})
    scope = replace(SCOPE, asset=f"Site {RACK}", boundary=f"only {RACK}", question=f"Is {RACK} sound?", excluded=(PICTURE,))
    with Session.create(folder / "a.bessreview", scope, author="Rita <Example>") as session:
        entry = session.import_window([path], Progress(), name=WINDOW)
        session.run_study(entry.id, Progress())
        facts = session.views.facts(entry.id)
        selection = Selection(window_id=entry.id, start_ns=facts.start_ns, end_ns=facts.end_ns)
        session.do(RecordFinding(finding=Finding(id="F-01", title=f"{RACK} limits", observation=f"seen in {RACK}", meaning=PICTURE, severity=Severity.MAJOR, selection=selection)))  # fmt: skip
        session.do(SetVerdict(verdict=replace(VERDICT, reason=f"Because of {RACK}.")))
        contents = report_contents.gather(
            session.project, session.views, session.studies, session.document, session.render, Progress(),
            prepared_ns=1_795_500_000_000_000_000, reviewer="Rita <Example>", principal="Paul & Co", journal=session.project.journal.head(), draft=False,
        )  # fmt: skip
    return paper(render(contents, Progress()))


@pytest.mark.parametrize(
    "text",
    [
        f"Site {RACK}",
        f"only {RACK}",
        f"Is {RACK} sound?",
        PICTURE,
        WINDOW,
        f"{RACK} limits",
        f"seen in {RACK}",
        f"Because of {RACK}.",
        "Rita <Example>",
        "Paul & Co",
    ],
)
def test_what_was_written_is_printed(printed, text):
    assert text in printed.text


def test_labels_of_the_owners_columns_are_printed_in_the_repairs(printed):
    assert printed.text.replace(" ", "").count(f"a.csv,{RACK}note") == 1
