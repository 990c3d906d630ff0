"""Letters that the report's face does not hold are said, never silently boxes."""

from dataclasses import replace

import msgspec
import pytest

from workbench.jobs.progress import Progress
from workbench.report import letters
from workbench.report.pdf import render


def with_client(contents, client):
    scope = msgspec.structs.replace(contents.scope, client=client)
    return replace(contents, scope=scope, document=msgspec.structs.replace(contents.document, scope=scope))


def test_latin_greek_and_cyrillic_are_all_printed(contents):
    changed = with_client(contents, "Überlandwerk Łódź, Ωmega, Батарея — “good” ±5 °C")
    assert letters.strange(changed.document, changed.window) == ""
    assert letters.sentence("") == ""


@pytest.mark.parametrize("client", ["電池株式会社", "שלום", "بطارية"])
def test_others_are_named_by_their_numbers_each_once(contents, client):
    changed = with_client(contents, client * 3)
    found = letters.strange(changed.document, changed.window)
    assert set(found) == set(client)
    assert len(found) == len(set(client))
    assert f"U+{ord(min(client)):04X}" in letters.sentence(found)


def test_many_are_counted():
    said = letters.sentence("".join(chr(0x4E00 + k) for k in range(40)))
    assert said.startswith("40 letters of the texts cannot be printed")
    assert "and 28 more" in said


def test_the_report_says_it_and_a_report_without_such_letters_does_not(contents, printed, paper):
    assert "Letters that could not be printed" not in printed.text
    page = paper(render(with_client(contents, "電池"), Progress())).pages[1]
    assert "2 letters of the texts cannot be printed" in page
    assert "U+6C60" in page
