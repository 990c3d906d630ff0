"""Keys of a person, kept."""

import pytest

from workbench.ui import remembered
from workbench.ui.own_keys import PLACE, keep_own_keys, own_keys


def test_what_was_chosen_comes_back():
    keep_own_keys({"open": "Ctrl+Shift+O", "study": ""})
    assert own_keys() == {"open": "Ctrl+Shift+O", "study": ""}
    keep_own_keys({})
    assert own_keys() == {}


@pytest.mark.parametrize("text", ["no json", "[1, 2]", '{"open": 3}'])
def test_anything_unreadable_is_forgotten(text):
    remembered.keep(PLACE, text)
    assert own_keys() == {}
