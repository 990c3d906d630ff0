"""Failures are said once, in words, under stable names."""

import pytest

from workbench import errors
from workbench.errors import Cancelled, IngestError, Reason, WorkbenchError


def test_message_and_remedy_read_as_one_text():
    error = IngestError(Reason.FILE_EMPTY, "a.csv is empty.", "Ask for the export again.", file="a.csv")
    assert str(error) == "a.csv is empty. Ask for the export again."
    assert (error.reason, error.context) == (Reason.FILE_EMPTY, {"file": "a.csv"})
    assert repr(error) == "IngestError('a.csv is empty.')", "a log shows what happened"


def test_without_a_remedy_nothing_is_appended():
    assert str(WorkbenchError(Reason.USAGE, "Two windows have this name.")) == "Two windows have this name."


def test_every_failure_is_caught_as_one_family_and_cancelling_is_not():
    kinds = [getattr(errors, name) for name in dir(errors) if name.endswith("Error")]
    assert len(kinds) >= 7
    assert all(issubclass(kind, WorkbenchError) for kind in kinds)
    assert not issubclass(Cancelled, WorkbenchError)


@pytest.mark.parametrize("reason", list(Reason))
def test_reasons_are_stable_words(reason):
    assert reason.value == reason.name.lower().replace("_", "-")


def test_the_tree_in_the_docstring_names_every_kind():
    kinds = {name for name in dir(errors) if name.endswith("Error") and name != "WorkbenchError"}
    drawn = {line.split()[1] for line in (errors.__doc__ or "").splitlines() if line.strip().startswith(("├─", "└─"))}
    assert drawn == kinds
