"""The main job in the window: export in, finding on the data, undo, signatures, verified PDF out."""

import pytest
from builders.patience import at_rest
from builders.site import SCOPE, SECRET
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.signing.identity import load_trust
from workbench.signing.verify import Outcome, verify
from workbench.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot, qapp, monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    made = MainWindow()
    made.resize(1440, 900)
    made.show()
    yield made
    made.close()
    QApplication.processEvents()


@pytest.fixture
def rest(window):
    return lambda seconds=60.0: at_rest(window.bridge, seconds)


def test_a_whole_review(window, rest, small_site, credentials, tmp_path, qtbot):
    window.new_project(tmp_path / "north", SCOPE)
    workspace = window.workspace
    intake = workspace.views["Intake"]
    intake.inspect((small_site.export,))
    rest()
    intake.bring.click()
    rest()
    workspace.desk.run_study()
    rest()
    assert len(workspace.desk.study.candidates) == 2

    workspace.go("Population")
    rest()
    canvas = workspace.population.canvas
    canvas.setFocus()
    qtbot.keyClicks(canvas, ".")
    assert workspace.desk.selection.rack == workspace.desk.study.candidates[0].rack
    qtbot.keyClicks(canvas, "n")
    rest()
    assert workspace.stage == "Findings"
    findings = workspace.findings
    findings.card.title.setText("One cell limits rack R01")
    findings.card.texts["meaning"].setPlainText("The rack must stop when this cell is empty.")
    findings.card.confidence.setCurrentIndex(findings.card.confidence.findData("high"))
    workspace.go("Racks")
    rest()
    (finding,) = workspace.desk.session.document.findings
    assert finding.title == "One cell limits rack R01"
    assert len(finding.evidence) == 2

    window.actions_.items["undo"].trigger()
    window.actions_.items["undo"].trigger()
    QApplication.processEvents()
    assert workspace.desk.session.document.findings == ()
    window.actions_.items["redo"].trigger()
    window.actions_.items["redo"].trigger()
    QApplication.processEvents()
    assert workspace.desk.session.document.findings == (finding,)

    workspace.go("Sign-off")
    sign = workspace.sign_off
    sign.answer.setCurrentText("no")
    sign.recommendation.setCurrentText("tighten covenants")
    sign.reason.setPlainText("One cell limits rack R01.")
    workspace.go("Report")
    workspace.report.preview()
    rest()
    workspace.go("Sign-off")

    def give(credential):
        sign.identity.setText(str(credential.identity))
        sign.firm.setText(str(credential.firm))
        sign.passphrase.setText(SECRET)
        sign.firm_passphrase.setText(SECRET)

    give(credentials[0])
    qtbot.mouseClick(sign.submit, Qt.MouseButton.LeftButton)
    rest()
    assert workspace.desk.session.document.stage is Stage.SUBMITTED
    workspace.desk.session.as_role(Role.PRINCIPAL, "Paul Example")
    give(credentials[1])
    qtbot.mouseClick(sign.approve, Qt.MouseButton.LeftButton)
    rest()
    qtbot.mouseClick(sign.issue, Qt.MouseButton.LeftButton)
    rest()
    report = tmp_path / "north.bessreview" / "issued" / "1" / "report.pdf"
    assert verify(report.read_bytes(), load_trust(credentials[0].firm)).outcome is Outcome.VALID
    assert "nothing can be changed" in sign._note.text()
