"""Size of letters: chosen, kept, worn from the next start."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize

from workbench.ui import remembered, text_size
from workbench.ui.main_window import MainWindow

PRINT = """
import os
from PySide6.QtGui import QFontMetricsF
from workbench.ui import text_size, theme
text_size.wear(os.environ, text_size.chosen())
from workbench.ui.app import make_app
from workbench.ui.rail import Rail
from workbench.ui.table import PictureTable
app = make_app([])
table, rail = PictureTable("t"), Rail()
ratio = rail.devicePixelRatioF()
print(ratio, QFontMetricsF(theme.font()).height() * ratio, rail.width() * ratio, table.verticalHeader().defaultSectionSize() * ratio)
"""


def figures(home, points=None, **around):
    """Pixels of the screen per pixel, of a line of text, of the rail and of a row in a program that starts with this size chosen."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(home), "APPDATA": str(home), **around}
    env.pop("QT_SCALE_FACTOR", None) if "QT_SCALE_FACTOR" not in around else None
    keep = f"from workbench.ui import remembered; remembered.keep('text-size', '{points}')\n" if points else ""
    done = subprocess.run([sys.executable, "-c", keep + PRINT], capture_output=True, text=True, check=True, env=env)
    return [float(word) for word in done.stdout.split()]


def test_letters_rows_and_rail_grow_together_and_with_what_the_surroundings_ask_for(tmp_path):
    usual = figures(tmp_path / "a")
    assert figures(tmp_path / "b", 20) == pytest.approx([2 * v for v in usual], rel=0.02)
    assert figures(tmp_path / "c", 15, QT_SCALE_FACTOR="2") == pytest.approx([3 * v for v in usual], rel=0.02)


@pytest.mark.parametrize(("wide", "tall", "points"), [(1280, 800, 11), (1920, 1080, 15), (2560, 1440, 20), (3840, 2160, 20), (800, 600, 9)])
def test_no_size_is_offered_that_the_screen_cannot_carry(wide, tall, points):
    assert text_size.largest(QSize(wide, tall)) == points


def test_the_window_asks_for_no_more_than_the_screen_has():
    assert text_size.room_for(QSize(1024, 2000)) == QSize(1024, 680)


@pytest.fixture
def window(qapp, monkeypatch):
    monkeypatch.setattr(text_size, "screen_at_standard", lambda: QSize(1920, 1080))
    made = MainWindow()
    yield made
    made.close()


def test_keys_choose_the_size_and_it_is_remembered(window):
    items = window.actions_.items
    assert items["text larger"].isEnabled(), "without a project, too"
    items["text larger"].trigger()
    items["text larger"].trigger()
    assert text_size.chosen() == 12
    assert window._said.text().startswith("text of 12 pt from the next start")
    for _ in range(5):
        items["text larger"].trigger()
    assert text_size.chosen() == 15
    assert window._said.text() == "15 pt is the largest text that this screen carries"
    items["text standard"].trigger()
    assert text_size.chosen() == 10
    for _ in range(4):
        items["text smaller"].trigger()
    assert text_size.chosen() == 9


@pytest.mark.parametrize("text", ["", "huge", "8", "21", "-3"])
def test_what_cannot_be_read_is_the_standard(text):
    remembered.keep("text-size", text)
    assert text_size.chosen() == 10


def test_starting_again_leaves_the_factor_behind_and_takes_the_project_along(tmp_path, monkeypatch, window):
    monkeypatch.setattr(text_size._Worn, "before", None)
    monkeypatch.setattr(text_size._Worn, "points", 10)
    surroundings = {"QT_SCALE_FACTOR": "1.5"}
    text_size.wear(surroundings, 20)
    assert surroundings == {"QT_SCALE_FACTOR": "3"}
    program, words, around = text_size.again(tmp_path)
    assert (program, words, around.value("QT_SCALE_FACTOR")) == (sys.executable, ["-m", "workbench.ui", str(tmp_path)], "1.5")
    started = []
    window.show()
    text_size.start_again(window, started.append)
    assert not window.isVisible()
    assert started[0].arguments() == ["-m", "workbench.ui"]
