"""The handbook inside the window: local Markdown only, no address is ever followed."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QListWidget, QMainWindow, QSplitter, QTextBrowser

from workbench.ui.phrases import spoken
from workbench.ui.theme import RESOURCES, font

FOLDER = RESOURCES / "handbook"


class HandbookView(QMainWindow):
    """A list of pages and the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(spoken("Handbook"))
        self.resize(1000, 720)
        self.pages = sorted(p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.md"))
        self.list, self.browser = QListWidget(), QTextBrowser()
        self.list.addItems([page.removesuffix(".md").replace("/", " / ") for page in self.pages])
        self.list.setAccessibleName("Pages of the handbook")
        self.browser.setAccessibleName("Page")
        self.browser.setFont(font())
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.browser)
        split.setSizes([260, 740])
        self.setCentralWidget(split)
        self.list.currentRowChanged.connect(lambda row: self.show_page(self.pages[row]))
        if self.pages:
            self.list.setCurrentRow(self.pages.index("index.md") if "index.md" in self.pages else 0)

    def show_page(self, page: str) -> None:
        """One page."""
        self.page = page
        self.browser.setMarkdown((FOLDER / page).read_text(encoding="utf-8"))

    def _follow(self, url: QUrl) -> None:
        """Links between pages only."""
        target = ((FOLDER / self.page).parent / url.path()).resolve()
        if target.suffix == ".md" and target.is_relative_to(FOLDER.resolve()) and target.exists():
            self.list.setCurrentRow(self.pages.index(target.relative_to(FOLDER.resolve()).as_posix()))
