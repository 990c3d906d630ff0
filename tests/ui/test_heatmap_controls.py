"""The strip of controls."""

import itertools

import pytest

from workbench.ui.heatmap_controls import HeatmapControls


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


def test_nothing_overlaps_on_a_narrow_window(shown):
    made = HeatmapControls()
    shown(made, 800, 36)
    widgets = [w for w in (made.quantity, made.reduction, made.order, made.scale, made.clip, made.lock) if w.isVisible()]
    for one, two in itertools.pairwise(widgets):
        assert one.geometry().right() < two.geometry().left()
    assert widgets[-1].geometry().right() < 800
