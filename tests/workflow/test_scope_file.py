"""Scopes from TOML."""

import pytest

from workbench.errors import ProjectError, Reason
from workbench.workflow.scope_file import EXAMPLE, read_scope


def test_the_example_of_the_help_is_a_scope(tmp_path):
    (tmp_path / "s.toml").write_text(EXAMPLE)
    scope = read_scope(tmp_path / "s.toml")
    assert scope.missing() == ()
    assert scope.design.rated_capacity_ah == 280


@pytest.mark.parametrize(
    "text",
    [
        "",
        "client = ",
        'client = "x"',
        'client="a"\nmandate="gambling"\nquestion="?"',
        'client="a"\nmandate="valuation"\nquestion="?"\ncolour="red"',
        'client="a"\nmandate="valuation"\nquestion="?"\ntime_zone="Mars/Base"',
    ],
)
def test_what_is_no_scope_is_said_with_its_place(tmp_path, text):
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises(ProjectError) as caught:
        read_scope(tmp_path / "s.toml")
    assert caught.value.reason is Reason.SCOPE_UNUSABLE
    assert "s.toml" in caught.value.message


def test_a_missing_file(tmp_path):
    with pytest.raises(ProjectError) as caught:
        read_scope(tmp_path / "none.toml")
    assert caught.value.reason is Reason.FILE_MISSING
