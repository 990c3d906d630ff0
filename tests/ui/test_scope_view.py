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
