"""The cursor dotted, the pin solid, in painted and plotted pictures."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from workbench.ui.instant_lines import paint_instants


def painted(cursor_ns, pin_ns):
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    p = QPainter(image)
    paint_instants(p, QRectF(10, 0, 80, 50), float, cursor_ns, pin_ns)
    p.end()
    return [sum(image.pixelColor(x, y) != Qt.GlobalColor.white for y in range(50)) for x in range(100)]


def test_the_pin_is_solid_the_cursor_dotted_and_neither_leaves_the_picture():
    columns = painted(30, 60)
    assert 0 < columns[30] < 50
    assert max(columns[59:62]) == 50
    assert sum(painted(5, 95)) == 0
    assert sum(painted(None, None)) == 0
