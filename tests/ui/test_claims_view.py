"""Stage Claims."""

from PySide6.QtWidgets import QLabel

from workbench.jobs.progress import Progress
from workbench.ui.claim_cards import ClaimCardView
from workbench.ui.claims_view import ClaimsView
from workbench.workflow.sign_off import submit


def test_claims_energy_cells_and_refusals(desk, shown):
    view = ClaimsView(desk)
    shown(view)
    (card,) = view.findChildren(ClaimCardView)
    assert card.accessibleName().startswith("C1 SoH 98 %: ")
    assert view.tables["banks"].table.keys == ("R01", "R02", "R03")
    assert "Rated" in view.waterfall.accessibleDescription()
    assert view.cells.accessibleDescription().startswith("R01: ")
    words = [label.text() for label in view.findChildren(QLabel)]
    assert any("gain" in text for text in words), "why there is no capacity"
    assert any("calibration" in text for text in words), "what would settle it"


def test_the_verdict_is_drafted_where_it_is_signed(desk, shown):
    view = ClaimsView(desk)
    shown(view)
    wanted = []
    desk.stage_wanted.connect(wanted.append)
    view.draft.click()
    assert wanted == ["Sign-off"]


def test_without_a_study(empty_desk, shown):
    view = ClaimsView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
    assert not view.draft.isVisible()


def test_nothing_is_drafted_once_it_is_signed(desk, shown, credentials):
    from builders.site import record

    record(desk.session)
    submit(desk.session, credentials[0], Progress())
    view = ClaimsView(desk)
    shown(view)
    assert not view.draft.isVisible()
