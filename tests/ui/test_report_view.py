"""Stage Report."""

import msgspec
from builders.site import record

from workbench.review.edits import ReviseFinding
from workbench.ui.report_view import ReportView, page_count, page_image


def test_the_draft_is_shown_page_by_page(desk, shown, settled):
    record(desk.session)
    view = ReportView(desk)
    shown(view)
    view.preview()
    settled()
    assert view._pages.count() >= 6
    assert "pages" in view._note.text()


def test_letters_that_no_page_can_show_are_said_beside_the_pages(desk, shown, settled):
    record(desk.session)
    view = ReportView(desk)
    shown(view)
    view.preview()
    settled()
    assert not view._unprinted.isVisible()
    finding = desk.session.document.findings[0]
    desk.session.do(ReviseFinding(finding=msgspec.structs.replace(finding, meaning="電池")))
    view.preview()
    settled()
    assert view._unprinted.isVisible()
    assert "U+6C60, U+96FB" in view._unprinted.text()


def test_pages_are_upright_and_in_colour(issued_site):
    assert page_count(issued_site.pdf) >= 6
    image = page_image(issued_site.pdf, 0, 760)
    assert image.width() == 760
    assert image.height() > 1000
    inks = {image.pixelColor(x, y).name() for x in range(0, 760, 3) for y in range(0, 600, 3)}
    assert any(name[1:3] > "90" and name[3:5] < "40" for name in inks), "the answer is no: red, not blue"


def test_after_signing_the_signed_bytes_are_shown(issued_site, shown, bridge, settled):
    from workbench.ui.desk import Desk
    from workbench.workflow.session import Session

    with Session.open(issued_site.project, author="x", read_only=True) as session:
        view = ReportView(Desk(session, bridge))
        shown(view)
        assert view.make.text() == "Show the signed report"
        view.preview()
        settled()
        assert view._pages.count() == page_count(issued_site.pdf)
