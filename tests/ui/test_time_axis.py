"""Instants of the site's clock at their places."""

from PySide6.QtGui import QColor, QImage, QPainter

from workbench.ui.time_axis import paint_time_axis

START = 1_772_406_000_000_000_000  # midnight in Berlin
DAY = 86_400_000_000_000


def test_hairlines_stand_where_the_days_begin(qapp):
    image = QImage(700, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    p = QPainter(image)
    paint_time_axis(p, START, START + 7 * DAY, "Europe/Berlin", 0.0, 700.0, 40.0, QColor("black"), 0.0)
    p.end()
    dark = [x for x in range(700) if image.pixelColor(x, 20).lightness() < 200]
    assert all(min(abs(x - 100 * k) for k in range(8)) <= 1 for x in dark)
    assert len(dark) >= 6
    assert any(image.pixelColor(x, 52).lightness() < 160 for x in range(700)), "labels below"


def test_the_last_label_stays_inside_the_picture(qapp):
    image = QImage(760, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    p = QPainter(image)
    paint_time_axis(p, START, START + 6 * DAY + DAY // 20, "Europe/Berlin", 0.0, 700.0, 40.0, None, 0.0)
    p.end()
    dark = [x for x in range(760) if any(image.pixelColor(x, y).lightness() < 160 for y in range(42, 60))]
    assert 660 < max(dark) <= 701
