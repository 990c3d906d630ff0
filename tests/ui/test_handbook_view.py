"""The handbook opens offline."""

from PySide6.QtCore import QUrl

from workbench.ui.handbook_view import FOLDER, HandbookView


def test_every_page_opens_and_links_lead_to_pages(qtbot):
    view = HandbookView()
    qtbot.addWidget(view)
    assert "index.md" in view.pages
    assert view.page == "index.md"
    for page in view.pages:
        view.show_page(page)
        assert len(view.browser.toPlainText()) > 40, page
    view.show_page("index.md")
    view._follow(QUrl("glossary.md"))
    assert view.page == "glossary.md"


def test_no_address_is_ever_followed(qtbot):
    view = HandbookView()
    qtbot.addWidget(view)
    for address in ("https://example.com/a.md", "../../README.md", "file:///etc/passwd", "none.md"):
        view._follow(QUrl(address))
        assert view.page == "index.md"


def test_links_between_pages_exist():
    import re

    for page in FOLDER.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).resolve().exists(), f"{page.name} -> {target}"
