"""A cell with only a bound never looks like a measured one."""

from dataclasses import replace

from builders.claims import MAP

from workbench.ui.identifiability_map import IdentifiabilityMap
from workbench.ui.theme import colour


def test_measured_and_bounded_cells_differ(qtbot):
    view = IdentifiabilityMap()
    qtbot.addWidget(view)
    view.resize(528, 160)  # 100 pixels a cell
    view.show_picture(MAP)
    image = view.grab().toImage()
    assert [image.pixel(44 + at, 13) for at in (50, 150, 250)] == [colour(t).rgb() for t in ("accent", "accent", "band")]
    assert image.pixel(44 + 350, 13) not in (colour("accent").rgb(), colour("band").rgb())
    assert view.accessibleDescription() == "R01: 2 of 4 measured; R02: 0 of 4 measured"


def test_why_the_others_are_not_measured_stands_below_where_there_is_room(qtbot):
    view = IdentifiabilityMap()
    qtbot.addWidget(view)
    view.resize(528, 260)
    below = range(2 * 26 + 8, 200, 2)  # under the strips of two racks, above the legend

    def inked():
        image = view.grab().toImage()
        return any(image.pixel(x, y) != colour("surface").rgb() for x in range(46, 500, 2) for y in below)

    view.show_picture(replace(MAP, reasons=()))
    assert not inked()
    view.show_picture(replace(MAP, reasons=(("The cell was not received at both ends of a cycle.", 2),)))
    assert inked()
