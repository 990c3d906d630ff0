"""The audit trail, newest first."""

from builders.reviews import ready_edits

from workbench.asset.plain import canonical
from workbench.viewmodels.journal_table import journal_table


def test_entries_read_as_acts():
    entries = [(i, i, "Rita", "reviewer", canonical(edit), f"{i:064x}") for i, edit in enumerate(ready_edits(), 1)]
    made = journal_table(entries)
    assert [row[4].text for row in made.rows] == ["set verdict", "record F-01", "import March", "lock scope", "set scope"]
    assert made.keys == ("5", "4", "3", "2", "1")
