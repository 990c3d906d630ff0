"""Stage Sign-off."""

import pytest
from builders.site import SECRET, VERDICT, record
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from workbench.review.edits import ReviseFinding, SetVerdict
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.ui.sign_off_view import SignOffView
from workbench.ui.widgets import Button


@pytest.fixture
def view(desk, shown):
    made = SignOffView(desk)
    shown(made, 1100, 700)
    return made


def give(view, credentials):
    view.identity.setText(str(credentials.identity))
    view.firm.setText(str(credentials.firm))
    view.passphrase.setText(SECRET)
    view.firm_passphrase.setText(SECRET)


def test_a_disabled_button_says_why(view):
    assert not view.submit.isEnabled()
    assert "verdict is missing" in view._why.text()
    view.reason.setPlainText("One cell limits R01.")
    view.keep_verdict.click()
    QApplication.processEvents()
    assert "key is missing" in view._why.text()


def test_a_typed_verdict_survives_refreshing_and_leaving(view, desk):
    view.reason.setPlainText("half typed")
    desk.study_changed.emit()
    assert view.reason.toPlainText() == "half typed"
    view.flush()
    assert desk.session.document.verdict.reason == "half typed"


def test_submit_return_submit_approve_issue(view, desk, credentials, settled):
    record(desk.session)
    QApplication.processEvents()
    give(view, credentials[0])
    view.submit.click()
    settled()
    assert desk.session.document.stage is Stage.SUBMITTED
    assert view.passphrase.text() == "", "a passphrase is not kept"
    view.comment.setText("Say more.")
    view.return_it.click()
    QApplication.processEvents()
    assert desk.session.document.stage is Stage.DRAFT
    desk.session.as_role(Role.REVIEWER, "Rita Example")
    give(view, credentials[0])
    view.submit.click()
    settled()
    give(view, credentials[1])
    view.approve.click()
    settled()
    view.issue.click()
    settled()
    assert desk.session.document.stage is Stage.ISSUED
    assert (desk.session.path / "issued" / "1" / "report.pdf").exists()
    assert not view._key_card.isVisible()
    assert view.revise.isVisible()
    view.comment.setText("The owner declared the gain.")
    view.revise.click()
    QApplication.processEvents()
    assert (desk.session.document.stage, desk.session.document.revision) == (Stage.DRAFT, 2)
    assert not view.revise.isVisible()
    assert not desk.session.read_only


def test_passphrases_are_never_shown(view):
    assert view.passphrase.echoMode() == view.passphrase.EchoMode.Password
    assert view.firm_passphrase.echoMode() == view.firm_passphrase.EchoMode.Password


def test_a_verdict_that_was_taken_back_is_not_recorded_by_leaving(view, desk):
    view.reason.setPlainText("One cell limits R01.")
    view.keep_verdict.click()
    QApplication.processEvents()
    desk.session.undo()
    QApplication.processEvents()
    view.flush()
    assert desk.session.document.verdict is None
    desk.session.redo()
    QApplication.processEvents()
    assert view.reason.toPlainText() == "One cell limits R01."


def test_what_blocks_is_said_and_opened(view, desk, qtbot):
    (button,) = [b for b in view.findChildren(Button) if b.accessibleName().startswith("Open: verdict")]
    button.click()
    assert view.reason.hasFocus()
    record(desk.session)
    finding = desk.session.document.findings[0]
    desk.session.do(ReviseFinding(finding=replace(finding, confidence=None)))
    QApplication.processEvents()
    (button,) = [b for b in view.findChildren(Button) if b.accessibleName() == f"Open: confidence not stated for {finding.id}"]
    with qtbot.waitSignal(desk.card_wanted) as caught:
        button.click()
    assert caught.args == [finding.id]


def test_the_conditions_stand_whole_with_no_bar_beside_them(desk, shown, qtbot):
    long = "One full C/4 cycle of this rack with cell voltages every 10 s near both ends; swap of the module and repeat. "
    conditions = tuple(f"R0{n} · M3 · C041 limits its rack when discharging: {long * 2}" for n in range(3))
    desk.session.do(SetVerdict(verdict=replace(VERDICT, conditions=conditions)))
    made = SignOffView(desk)
    shown(made, 1100, 700)
    for width in (1104, 1640, 2384, 1104):
        made.resize(width, 700)
        field = made.conditions
        qtbot.waitUntil(
            lambda field=field: field.viewport().height() >= field.document().size().height() * field.fontMetrics().lineSpacing()
        )
        assert not field.verticalScrollBar().isVisible()


def test_the_summary_says_what_a_name_is_put_under(view, desk):
    record(desk.session)
    QApplication.processEvents()
    said = view._facts.accessibleName()
    assert f"Usable energy {desk.session.claims(desk.window_id).waterfall.headline}" in said
    assert "Findings 2 findings: " in said
    assert "Not examined none stated" in said
