"""A successor names what it replaces on page 1 and in its table; a first issue says so."""

from dataclasses import replace

import msgspec
import pytest

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.report.revisions import MOST_CHANGES, replaces
from workbench.review.document import Replaced
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

BEFORE = Replaced(
    revision=1,
    issued_ns=1_795_400_000_000_000_000,
    report_sha256="ab" * 32,
    window_root="cd" * 32,
    journal_entries=9,
    reason="The gain is known now.",
)


def successor(contents, rows):
    document = msgspec.structs.replace(contents.document, revision=2, replaced=(BEFORE,))
    cells = tuple(tuple(TableCell(text) for text in row) for row in rows)
    table = TablePicture("Changes", (TableColumn("what", "What"),) * 4, cells, tuple(str(k) for k in range(len(rows))), "")
    return replace(contents, document=document, changes=table)


def test_page_one_and_the_table_of_revisions_name_what_is_replaced(contents, paper):
    made = paper(
        render(successor(contents, [("F-01", "severity", "moderate", "major"), ("review", "stage", "issued", "draft")]), Progress())
    )
    assert "Replaces" in made.pages[0]
    assert "root CDCD CDCD: The gain is known now." in made.pages[0]
    assert "Changed since revision 1" in made.text
    assert "moderate major" in made.text
    last = made.pages[-1]
    assert "issued, replaced by revision 2" in last
    assert "abab" in last
    assert "review stage issued" not in made.text, "that a revision is open is no change of its contents"


def test_a_first_issue_replaces_nothing(contents, printed):
    assert replaces(contents) == ""
    assert "Replaces" not in printed.pages[0]
    assert "first issue" in printed.pages[-1]
    assert "Changed since" not in printed.text


@pytest.mark.parametrize(("many", "said"), [(0, "the figures are made anew"), (MOST_CHANGES + 3, "3 more changes")])
def test_none_and_many_changes_are_said(contents, paper, many, said):
    rows = [(f"F-{k:02d}", "title", "old", "new") for k in range(many)]
    assert said in paper(render(successor(contents, rows), Progress())).text
