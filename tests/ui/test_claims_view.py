"""Stage Claims."""

from PySide6.QtWidgets import QLabel

from workbench.ui.claims_view import ClaimsView


def test_claims_balances_and_refusals(desk, shown):
    view = ClaimsView(desk)
    shown(view)
    assert view.claims.table.keys == ("C1",)
    assert view.banks.table.keys == ("R01", "R02", "R03")
    words = [label.text() for label in view.findChildren(QLabel)]
    assert any("gain" in text for text in words), "why there is no capacity"
    assert any("calibration" in text for text in words), "what would settle it"


def test_without_a_study(empty_desk, shown):
    view = ClaimsView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
