"""Stage Posture."""

from workbench.ui.posture_view import PostureView
from workbench.ui.theme import colour


def test_checks_and_coverage(desk, shown, settled):
    view = PostureView(desk)
    shown(view)
    settled()
    pixels = shown(view)
    assert {key[:2] for key in view.table.table.keys} == {"DQ", "CX"}
    band = colour("band")
    assert (pixels == [band.red(), band.green(), band.blue()]).all(axis=-1).sum() > 2000, "complete days stay quiet"
    assert "checks passed" in view._note.text()
    assert not view.run.isVisible()


def test_without_a_window(empty_desk, shown):
    view = PostureView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
