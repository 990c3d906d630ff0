"""Starting the window."""

import pytest

from workbench.ui.app import binding_trouble, make_app


@pytest.mark.parametrize(
    ("binding", "python", "refused"), [("6.12.0", (3, 11), True), ("6.12.0", (3, 12), False), ("6.11.3", (3, 11), False)]
)
def test_the_pair_that_aborts_is_refused_in_words(binding, python, refused):
    said = binding_trouble(binding, python)
    assert bool(said) is refused
    if said:
        assert "6.11.3" in said


def test_the_application_is_made_once(qapp):
    assert make_app(["workbench"]) is qapp
