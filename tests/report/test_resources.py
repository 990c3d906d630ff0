"""Fonts come with the program."""

import pytest

from workbench.errors import ReportError
from workbench.report.resources import font_file


def test_a_shipped_font_is_found():
    assert font_file("IBMPlexSans-Regular").read_bytes()[:4] == b"\0\1\0\0"


def test_a_missing_font_is_one_sentence():
    with pytest.raises(ReportError, match=r"Wingdings\.ttf is missing"):
        font_file("Wingdings")
