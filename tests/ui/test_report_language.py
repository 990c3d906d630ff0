"""Words of the report in a German window."""

import pytest

from workbench.ui.finding_card import FindingCard
from workbench.ui.inspector import Inspector
from workbench.ui.report_language import ReportLanguage
from workbench.ui.sign_off_view import SignOffView
from workbench.ui.translation import use_language


@pytest.fixture
def german():
    use_language("de")
    yield
    use_language("en")


def marks(view):
    return [mark.text() for mark in view.findChildren(ReportLanguage) if not mark.isHidden()]


def test_the_card_the_queue_and_the_verdict_say_that_their_words_are_the_report_s(german, desk):
    for view in (FindingCard(), Inspector(desk), SignOffView(desk)):
        assert marks(view) == ["englisch, wie im Bericht"]


def test_an_english_window_needs_no_mark(desk):
    for view in (FindingCard(), Inspector(desk), SignOffView(desk)):
        assert marks(view) == []
