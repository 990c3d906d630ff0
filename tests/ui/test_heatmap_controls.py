"""The strip of controls."""

import itertools

import pytest
from PySide6.QtWidgets import QApplication

from workbench.ui.heatmap_controls import RESULT, HeatmapControls
from workbench.viewmodels.heatmap_quantities import RESULTS


@pytest.fixture
def controls(shown):
    made = HeatmapControls()
    shown(made, 960, 36)
    return made


def test_a_mean_is_offered_only_where_it_means_something(controls):
    controls.reduction.choose("mean")
    controls.next_quantity()
    assert (controls.quantity_name, controls.reduction.value) == ("baseline", "worst")
    seen = set()
    for _ in range(6):
        controls.next_reduction()
        seen.add(controls.reduction.value)
    assert "mean" not in seen


def test_every_choice_tells_once(controls, qtbot):
    for choice, value in ((controls.order, "module"), (controls.scale, "project"), (controls.clip, "2"), (controls.reduction, "max")):
        with qtbot.waitSignal(controls.changed):
            choice.choose(value)
        assert choice.value == value


def test_another_quantity_lets_go_of_the_scale(controls):
    controls.lock.setChecked(True)
    controls.next_quantity()
    assert not controls.lock.isChecked()


@pytest.mark.parametrize("width", [1200, 800, 580])
@pytest.mark.parametrize("of_study", [False, True])
def test_nothing_overlaps_on_a_narrow_window(shown, width, of_study):
    made = HeatmapControls()
    made.show_results(tuple(RESULTS))
    shown(made, width, 36)
    if of_study:
        made.quantity.choose(RESULT)
        QApplication.processEvents()
    assert made.width() == width
    widgets = [w for w in (made.quantity, made.result, made.reduction, made.order, made.scale, made.clip, made.lock) if w.isVisible()]
    assert (made.result in widgets, made.reduction in widgets) == (of_study, not of_study)
    for one, two in itertools.pairwise(widgets):
        assert one.geometry().right() < two.geometry().left()
    assert widgets[-1].geometry().right() < width


def test_a_result_is_refused_before_the_study_and_offered_after(controls, qtbot):
    with qtbot.waitSignal(controls.refused) as said:
        controls.quantity.choose(RESULT)
    assert "run the study" in said.args[0]
    assert controls.quantity_name == "deviation"
    controls.show_results(("known:capacity", "result:leakage"))
    with qtbot.waitSignal(controls.changed):
        controls.quantity.choose(RESULT)
    assert controls.quantity_name == "known:capacity"
    assert not controls.lock.isEnabled(), "words have no ends to hold"
    with qtbot.waitSignal(controls.changed):
        controls.result.choose("result:leakage")
    assert controls.lock.isEnabled()
    with qtbot.waitSignal(controls.refused):
        controls.next_reduction()
    controls.show_results(())
    assert controls.quantity_name == "deviation"


def test_a_place_seen_before_brings_its_result_back(controls):
    controls.show_results(("known:capacity", "result:leakage"))
    controls.show_quantity("result:leakage")
    assert (controls.quantity_name, controls.of_study) == ("result:leakage", True)
    controls.show_quantity("raw")
    assert controls.quantity_name == "raw"


def test_an_instant_has_nothing_to_reduce_to_order_or_to_clip(controls):
    controls.shape.choose(1)
    assert not any(choice.isEnabled() for choice in (controls.reduction, controls.order, controls.scale, controls.clip))
    controls.shape.choose(0)
    assert all(choice.isEnabled() for choice in (controls.reduction, controls.order, controls.scale, controls.clip))
