"""Small building blocks painted with tokens: labels, panels, cards, chips, buttons, segments, facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.phrases import spoken
from workbench.ui.theme import GAP, SIZE, STATUS, colour, font, icon_pixmap

Item = QWidget | QLayout | int | None | tuple[QWidget | QLayout, int]
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def plain_tip(text: str) -> str:
    """A tooltip that shows the text as it is. Qt takes what holds tags for markup, so it is then given markup that spells them."""
    if "<" not in text:
        return text
    from html import escape  # here, so that the first window does not wait for its table of letters

    return f"<qt>{escape(text)}</qt>"


class Label(QLabel):
    """Plain text in a type role and a token's colour; follows the theme."""

    def __init__(self, text: str = "", role: str = "body", token: str = "text", *, wrap: bool = False) -> None:
        super().__init__(spoken(text))
        self._role, self._token, self._elided = role, token, False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)  # Maximum would cut the last lines off
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self._dress()

    def setText(self, text: str) -> None:
        """Other words, in the person's language."""
        super().setText(spoken(text))

    def elide(self) -> None:
        """Take whatever width there is; what does not fit ends in an ellipsis and is read in full by tooltip and screen reader."""
        self._elided = True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut with an ellipsis where the label was told to."""
        if not self._elided:
            super().paintEvent(event)
            return
        p = QPainter(self)
        p.setFont(self.font())
        p.setPen(colour(self._token))
        shown = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        p.drawText(QRectF(self.rect()), LEFT, shown)
        p.end()

    def _dress(self) -> None:
        self.setFont(font(self._role))
        palette = self.palette()
        ink = colour(self._token)
        if palette.color(QPalette.ColorRole.WindowText) != ink:
            palette.setColor(QPalette.ColorRole.WindowText, ink)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """The theme changed."""
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dress()
        super().changeEvent(event)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def row(*items: Item, gap: int = GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Widgets side by side; None stretches, an int is a gap, a pair gives a stretch factor."""
    box = QHBoxLayout()
    _fill(box, items, gap, margins)
    return box


def column(*items: Item, gap: int = GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Widgets below each other (see `row`)."""
    box = QVBoxLayout()
    _fill(box, items, gap, margins)
    return box


def _fill(box: QBoxLayout, items: Sequence[Item], gap: int, margins: tuple[int, int, int, int]) -> None:
    box.setSpacing(gap)
    box.setContentsMargins(*margins)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        else:
            inner, stretch = item if isinstance(item, tuple) else (item, 0)
            if isinstance(inner, QWidget):
                box.addWidget(inner, stretch)
            else:
                box.addLayout(inner, stretch)


class Panel(QFrame):
    """A flat rectangle of one token with hairlines on the sides named (t, r, b, l)."""

    def __init__(self, layout: QLayout | None = None, token: str = "surface", lines: str = "") -> None:
        super().__init__()
        self._token, self._lines = token, lines
        if layout is not None:
            self.setLayout(layout)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and hairlines."""
        p, r = QPainter(self), self.rect()
        p.fillRect(r, colour(self._token))
        sides = {
            "t": (0, 0, r.width(), 1),
            "b": (0, r.height() - 1, r.width(), 1),
            "l": (0, 0, 1, r.height()),
            "r": (r.width() - 1, 0, 1, r.height()),
        }
        for side in self._lines:
            p.fillRect(QRect(*sides[side]), colour("line"))
        p.end()


class Card(QFrame):
    """A rounded, hairlined box; edge paints a spine in a status colour."""

    def __init__(self, layout: QLayout, token: str = "surface", edge: str = "") -> None:
        super().__init__()
        self._token, self.edge = token, edge
        self.setLayout(layout)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, spine, outline."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        r = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(r, 6, 6)
        p.fillPath(path, colour(self._token))
        if self.edge:
            p.save()
            p.setClipPath(path)
            p.fillRect(QRectF(r.left(), r.top(), 3, r.height()), colour(self.edge))
            p.restore()
        p.setPen(QPen(colour("line"), 1))
        p.drawPath(path)
        p.end()


class Rule(QWidget):
    """A hairline across."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One pixel of the line's colour."""
        p = QPainter(self)
        p.fillRect(self.rect(), colour("line"))
        p.end()


class Chip(QWidget):
    """A small status: glyph and word."""

    def __init__(self, text: str, status: str = "none") -> None:
        super().__init__()
        self.setFixedHeight(22)
        self.show_status(text, status)

    def show_status(self, text: str, status: str) -> None:
        """Another status."""
        self._text, self._status = spoken(text), status
        self.setFixedWidth(int(QFontMetricsF(font("small")).horizontalAdvance(self._text) + 35))
        self.setAccessibleName(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, glyph, word."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        name, ink, ground = STATUS[self._status]
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(colour(ground))
        p.drawRoundedRect(QRectF(self.rect()), 4, 4)
        p.drawPixmap(QPointF(7, 4), icon_pixmap(name, ink, 14))
        p.setPen(colour(ink))
        p.setFont(font("small"))
        p.drawText(QRectF(26, 0, self.width() - 26, self.height()), LEFT, self._text)
        p.end()


class Button(QPushButton):
    """A button: primary (one per screen), plain or quiet, with icon and the key that does the same."""

    def __init__(self, text: str, kind: str = "plain", icon: str = "", key: str = "") -> None:
        super().__init__(text)
        self._kind, self._icon, self._key = kind, icon, key
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def show_key(self, key: str) -> None:
        """Another key does the same now, or none."""
        self._key = key
        self.setText(self.text())
        self.update()

    def setText(self, text: str) -> None:
        """Other words; the button is as wide as they are."""
        text = spoken(text)
        super().setText(text)
        self.setAccessibleName(text)
        width = QFontMetricsF(font("body")).horizontalAdvance(text) + (26 if text else 14) + (20 if self._icon else 0)
        width += QFontMetricsF(font("caption")).horizontalAdvance(self._key) + 18 if self._key else 0
        self.setMinimumWidth(int(width + 1))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(self.minimumWidth(), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground by kind, icon, words, key, focus ring; one that is on has a thick edge, not another colour alone."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        r = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        primary = self._kind == "primary" and self.isEnabled()
        ink = "on_accent" if primary else "text" if self.isEnabled() else "muted"
        if primary:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour("accent"))
            p.drawRoundedRect(r, 4, 4)
        elif self._kind != "quiet" or self.underMouse() or self.isChecked():
            p.setPen(QPen(colour("accent"), 2) if self.isChecked() else QPen(colour("border" if self.isEnabled() else "line"), 1))
            p.setBrush(colour("accent_soft" if self.isDown() or self.isChecked() else "raised" if self.underMouse() else "surface"))
            p.drawRoundedRect(r, 4, 4)
        x = 12.0 if self.text() else self.width() / 2 - 6  # a lone icon stands in the middle
        if self._icon:
            p.drawPixmap(QPointF(x - 2, 6), icon_pixmap(self._icon, ink))
            x += 20
        p.setFont(font("body"))
        p.setPen(colour(ink))
        p.drawText(QRectF(x, 0, self.width() - x, self.height()), LEFT, self.text())
        if self._key:
            _key_cap(p, self._key, self.width() - 8, ink if primary else "muted")
        if self.hasFocus():
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(QPen(colour("accent" if not primary else "on_accent"), 2))
            p.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)
        p.end()


def _key_cap(p: QPainter, text: str, right: float, ink: str) -> None:
    width = QFontMetricsF(font("caption")).horizontalAdvance(text) + 8
    box = QRectF(right - width, 6.5, width, 15)
    p.setPen(QPen(colour(ink), 1))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawRoundedRect(box, 3, 3)
    p.setFont(font("caption"))
    p.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Facts(QWidget):
    """Names and values in two aligned columns, a hairline between rows."""

    def __init__(self, name_width: int = 120) -> None:
        super().__init__()
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._name_width = name_width

    def show_facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Other facts."""
        self._pairs = tuple((spoken(name), spoken(value)) for name, value in pairs)
        self.setFixedHeight(22 * len(self._pairs))
        self.setAccessibleName("; ".join(f"{name} {value}" for name, value in self._pairs))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows."""
        p = QPainter(self)
        metrics = QFontMetricsF(font("small"))
        p.setFont(font("small"))
        for i, (name, value) in enumerate(self._pairs):
            p.fillRect(QRectF(0, i * 22, self.width(), 1 if i else 0), colour("line"))
            p.setPen(colour("muted"))
            valued = metrics.horizontalAdvance(value)  # a short value leaves room to a long name, and the other way round
            left = max(float(self._name_width), self.width() - valued - 10)
            p.drawText(QRectF(0, i * 22, left, 22), LEFT, metrics.elidedText(name, Qt.TextElideMode.ElideRight, left))
            p.setPen(colour("text"))
            room = self.width() - min(metrics.horizontalAdvance(name) + 10, float(self._name_width))
            p.drawText(QRectF(self.width() - room, i * 22, room, 22), RIGHT, metrics.elidedText(value, Qt.TextElideMode.ElideMiddle, room))
        p.end()


class EmptyState(QWidget):
    """Names what is missing and offers the next act."""

    acted = Signal()

    def __init__(self, title: str, text: str, action: str = "") -> None:
        super().__init__()
        self.title, self.text = Label(title, "title"), Label(text, "body", "muted", wrap=True)
        self.text.setMinimumWidth(420)
        self.text.setMaximumWidth(520)
        self.button = Button(action, "primary") if action else None
        items: list[Item] = [None, self.title, self.text]
        if self.button is not None:
            self.button.clicked.connect(self.acted)
            items += [8, row(self.button, None)]
        self.setLayout(row(None, (column(*items, None, None, gap=6), 0), None, margins=(40, 40, 40, 40)))

    def rename(self, title: str, action: str) -> None:
        """Other words for another state of the review."""
        self.title.setText(title)
        if self.button is not None:
            self.button.setText(action)


def canvas_head(title: Label, note: Label, *right: Item) -> Panel:
    """Title line of a canvas: what it shows, how it was reduced, its controls on the right."""
    note.elide()
    head = Panel(row((column(title, note, gap=0), 1), *right, margins=(16, 4, 16, 4)), "surface", "b")
    head.setFixedHeight(50)
    return head


def panel_head(title: str, *right: Item) -> Panel:
    """Title line of a side panel."""
    head = Panel(row(Label(title, "strong"), *right, margins=(16, 0, 6, 0)), "raised", "b")
    head.setFixedHeight(SIZE["title_bar"])
    return head
