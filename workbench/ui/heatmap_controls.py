"""The controls of the heatmap in one strip: what is shown, how a pixel stands for its samples, in which order, on which scale."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QComboBox

from workbench.ui.theme import font
from workbench.ui.translation import tr
from workbench.ui.widgets import Button, Panel, Segments, row
from workbench.viewmodels.heatmap_quantities import CLIPS, QUANTITIES, REDUCTIONS

NAMES = tuple(QUANTITIES)
ORDERS = (("physical", "Order: physical"), ("deviation", "Order: worst"), ("module", "Order: module"))
SCALES = (("view", "Scale: view"), ("project", "Scale: window"), ("datasheet", "Scale: sheet"))
ARROW = 42  # what a drop-down needs beside its words
SHAPES = ("Over time", "At an instant")


class Choice(QComboBox):
    """A small drop-down of named values; tells the value, not the place."""

    picked = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str) -> None:
        super().__init__()
        self.refill(choices)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedHeight(26)
        self.currentIndexChanged.connect(lambda _: self.picked.emit(self.value))

    def refill(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices; the first is chosen, silently."""
        self.blockSignals(True)
        self.clear()
        self._texts = [tr(text) for _, text in choices]
        for (value, _), text in zip(choices, self._texts, strict=True):
            self.addItem(text, value)
        self.blockSignals(False)
        self._fit()

    def spell(self, *, short: bool) -> None:
        """With its caption, or the bare value where room is short (the caption stays in the tooltip and for screen readers)."""
        for place, text in enumerate(self._texts):
            self.setItemText(place, text.rpartition(": ")[2] if short else text)
        self._fit()

    def _fit(self) -> None:
        """As wide as its longest choice."""
        metrics = QFontMetricsF(font("body"))
        widest = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=20.0)
        self.setFixedWidth(int(widest) + ARROW)

    @property
    def value(self) -> str:
        """The chosen value."""
        return str(self.currentData())

    def choose(self, value: str) -> None:
        """Choose a value, as a person would."""
        self.setCurrentIndex(max(self.findData(value), 0))


class HeatmapControls(Panel):
    """changed: another picture is needed. shape_changed: over time or at an instant (`shape` stands in the title line). lock: the scale is held."""

    changed = Signal()
    shape_changed = Signal(int)

    def __init__(self) -> None:
        self.quantity = Segments([QUANTITIES[name].short for name in NAMES], "Quantity (Q)")
        self.quantity.chosen = NAMES.index("deviation")
        self.reduction = Choice([(name, f"Pixel: {name}") for name in REDUCTIONS], "What a pixel shows of its samples (V)")
        self.order = Choice(ORDERS, "Order of rows")
        self.scale = Choice(SCALES, "Where the ends of the scale come from")
        self.clip = Choice(
            [(f"{c:g}", f"Clip {c:g} %") for c in (CLIPS[0], CLIPS[1], 0.5, *CLIPS[2:])], "Share of pixels left beyond the scale"
        )
        self.clip.choose("0.5")
        self.shape = Segments(list(SHAPES), "Cells over time, or the site at an instant")
        self.lock = Button("Lock", icon="lock", key="L")
        self.lock.setCheckable(True)
        self.lock.setAccessibleName("Lock the colour scale")
        super().__init__(
            row(self.quantity, self.reduction, self.order, self.scale, self.clip, self.lock, None, gap=6, margins=(16, 4, 16, 4)),
            "surface",
            "b",
        )
        self.setFixedHeight(36)
        self.quantity.chosen_changed.connect(lambda _: self._quantity_changed())
        for choice in (self.reduction, self.order, self.scale, self.clip):
            choice.picked.connect(lambda _: self.changed.emit())
        self.shape.chosen_changed.connect(self.shape_changed)

    @property
    def quantity_name(self) -> str:
        """The chosen quantity."""
        return NAMES[self.quantity.chosen]

    def next_quantity(self) -> None:
        """The one after (key Q)."""
        self.quantity.choose((self.quantity.chosen + 1) % len(NAMES))

    def next_reduction(self) -> None:
        """The one after that this quantity can have (key V)."""
        allowed = [name for name in REDUCTIONS if name != "mean" or self.quantity_name in ("raw", "deviation")]
        self.reduction.choose(allowed[(allowed.index(self.reduction.value) + 1) % len(allowed)])

    def show_locked(self, *, on: bool) -> None:
        """Whether the scale is held, without asking for a picture."""
        self.lock.blockSignals(True)
        self.lock.setChecked(on)
        self.lock.blockSignals(False)

    def show_quantity(self, name: str) -> None:
        """Another quantity, without asking for a picture."""
        self.quantity.chosen = NAMES.index(name) if name in NAMES else self.quantity.chosen
        self.quantity.update()

    def resizeEvent(self, event: object) -> None:
        """What is needed least gives way first on a narrow window; every choice stays in the list of acts."""
        choices = (self.reduction, self.order, self.scale)
        for choice in choices:
            choice.spell(short=False)
        fixed = self.quantity.width() + self.lock.sizeHint().width() + 7 * 6 + 32
        needed = fixed + sum(c.width() for c in choices)
        if needed > self.width():
            for choice in choices:
                choice.spell(short=True)
            needed = fixed + sum(c.width() for c in choices)
        self.clip.setVisible(needed + self.clip.width() <= self.width())

    def _quantity_changed(self) -> None:
        self.show_locked(on=False)
        if self.reduction.value == "mean" and self.quantity_name not in ("raw", "deviation"):
            self.reduction.blockSignals(True)
            self.reduction.choose("worst")
            self.reduction.blockSignals(False)
        self.changed.emit()
