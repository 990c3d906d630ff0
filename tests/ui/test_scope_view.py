"""Stage Scope."""

from builders.site import SCOPE
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from workbench.review.edits import SetScope
from workbench.ui.scope_view import ScopeForm, ScopeView


def test_the_form_round_trips(qtbot):
    form = ScopeForm()
    qtbot.addWidget(form)
    form.show_scope(SCOPE)
    assert form.scope() == SCOPE, "claims and design record are kept although the form does not show them"


def test_what_is_typed_is_kept_on_leaving_and_never_overwritten(empty_desk, shown):
    view = ScopeView(empty_desk)
    shown(view)
    view.form.fields["materiality"].setText("2 points")
    empty_desk.document_changed.emit()
    assert view.form.fields["materiality"].text() == "2 points"
    view.flush()
    assert empty_desk.session.document.scope.materiality == "2 points"
    empty_desk.session.undo()
    QApplication.processEvents()
    assert view.form.fields["materiality"].text() == SCOPE.materiality


def test_locking_needs_a_complete_scope_and_ends_editing(empty_desk, shown):
    empty_desk.session.do(SetScope(scope=replace(SCOPE, firm="")))
    view = ScopeView(empty_desk)
    shown(view)
    assert not view.lock.isEnabled()
    assert "firm" in view._note.text()
    view.form.fields["firm"].setText("Engineers")
    view.flush()
    QApplication.processEvents()
    view.lock.click()
    QApplication.processEvents()
    assert empty_desk.session.document.scope_locked
    assert not view.form.isEnabled()
    assert view.lock.isHidden()


def test_a_value_typed_into_the_design_record_is_journalled_with_its_source(empty_desk, shown):
    view = ScopeView(empty_desk)
    shown(view)
    view.form.fields["materiality"].setText("2 points")
    view.design.values["n_series"].setText("416")
    view.design.sources["n_series"].setText("drawing 7")
    view.keep_design.click()
    QApplication.processEvents()
    scope = empty_desk.session.document.scope
    assert (scope.design.n_series, scope.design.source_of("n_series"), scope.materiality) == (416, "drawing 7", "2 points")
    assert not view.design.touched
    empty_desk.session.undo()
    QApplication.processEvents()
    assert view.design.values["n_series"].text() == ""


def test_a_field_that_cannot_be_read_is_said_and_keeps_what_was_typed(empty_desk, shown):
    view = ScopeView(empty_desk)
    shown(view)
    view.design.values["rated_energy_kwh"].setText("five")
    view.flush()
    assert "'five', not a number" in view._design_note.text()
    assert view._design_note.isVisible()
    assert view.design.values["rated_energy_kwh"].text() == "five"
    assert empty_desk.session.document.scope.design == SCOPE.design


def test_a_locked_scope_still_takes_a_calibration(empty_desk, shown):
    view = ScopeView(empty_desk)
    shown(view)
    view.lock.click()
    QApplication.processEvents()
    assert not view.form.isEnabled()
    assert "run anew" in view._design_note.text()
    view.design.values["current_gain_accuracy"].setText("0.5")
    view.flush()
    assert empty_desk.session.document.scope.design.current_gain_accuracy == 0.005
    assert empty_desk.session.document.scope_locked


def test_letters_that_the_report_cannot_print_are_said_where_they_are_written(desk, shown, settled):
    view = ScopeView(desk)
    shown(view)
    settled()
    assert view._unprinted.text() == ""
    desk.session.do(SetScope(scope=replace(desk.session.document.scope, client="電池")))
    QApplication.processEvents()
    settled()
    assert "U+6C60, U+96FB" in view._unprinted.text()


def test_without_claims_there_is_a_word_and_no_empty_panel(desk, shown):
    view = ScopeView(desk)
    shown(view, 1200, 800)
    assert view._claims.isVisibleTo(view)
    assert view._claims.height() <= view._claims.height_of(1) + 2, "one claim takes one row"
    scope = desk.session.document.scope
    desk.session.do(SetScope(scope=replace(scope, claims=())))
    view.refresh()
    assert not view._claims.isVisibleTo(view)
    assert view._no_claims.isVisibleTo(view)
