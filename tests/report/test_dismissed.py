"""What was decided against is printed with its reason."""

from dataclasses import replace

import msgspec

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.review.document import Dismissal


def test_a_dismissed_candidate_is_printed_with_its_reason(contents, printed, paper):
    assert "Candidates decided against" not in printed.text
    candidate = contents.study.candidates[0]
    document = msgspec.structs.replace(
        contents.document, dismissed=(Dismissal(candidate.id, "a cable known to be loose"), Dismissal("of another study", "gone"))
    )
    text = paper(render(replace(contents, document=document), Progress())).text
    assert "Candidates decided against" in text
    assert "a cable known to be loose" in text
    assert "gone" not in text.split("Candidates decided against")[1].split("Limits of this opinion")[0]
