"""Words that go into the report stay in its language, also in a window of another one: what is signed is what was read. This mark says so."""

from __future__ import annotations

from workbench.ui import translation
from workbench.ui.widgets import Label

REPORT_LANGUAGE = "en"


class ReportLanguage(Label):
    """A small line beside such words; takes no room where the window speaks the language of the report."""

    def __init__(self) -> None:
        super().__init__("English, as in the report", "caption", "muted")
        self.setVisible(translation.language() != REPORT_LANGUAGE)
