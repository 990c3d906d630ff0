"""The controls of the heatmap in one strip: what is shown, how a pixel stands for its samples, in which order, on which scale."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QComboBox

from workbench.ui.phrases import spoken
from workbench.ui.segments import Segments
from workbench.ui.theme import font
from workbench.ui.translation import tr
from workbench.ui.widgets import Button, Panel, row
from workbench.viewmodels.heatmap_quantities import AVERAGED, CLIPS, QUANTITIES, REDUCTIONS, RESULTS, STATE, quantity_named

NAMES = tuple(QUANTITIES)
RESULT = len(NAMES)  # the segment after the quantities of telemetry: a result of the study, chosen beside it
ORDERS = (("physical", "Order: physical"), ("deviation", "Order: worst"), ("module", "Order: module"))
SCALES = (("view", "Scale: view"), ("project", "Scale: window"), ("datasheet", "Scale: sheet"))
ARROW = 42  # what a drop-down needs beside its words
GAP, MARGIN = 6, 16
SHAPES = ("Over time", "At an instant")


class Choice(QComboBox):
    """A small drop-down of named values; tells the value, not the place. widest: pixels it may take, 0 for as many as its words need."""

    picked = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, widest: int = 0) -> None:
        super().__init__()
        self._widest = widest
        self.refill(choices)
        self.setAccessibleName(tr(name))
        self.setToolTip(tr(name))
        self.setFixedHeight(26)
        self.currentIndexChanged.connect(lambda _: self.picked.emit(self.value))

    def refill(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices; the first is chosen, silently."""
        self.blockSignals(True)
        self.clear()
        self._texts = [spoken(text) for _, text in choices]
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
        self.setFixedWidth(min(int(widest) + ARROW, self._widest or int(widest) + ARROW))

    @property
    def value(self) -> str:
        """The chosen value."""
        return str(self.currentData())

    def choose(self, value: str) -> None:
        """Choose a value, as a person would."""
        self.setCurrentIndex(max(self.findData(value), 0))


class HeatmapControls(Panel):
    """changed: another picture is needed. shape_changed: over time or at an instant (`shape` stands in the title line). lock: the scale is held.

    refused: why a choice could not be taken, in a sentence.
    """

    changed = Signal()
    shape_changed = Signal(int)
    refused = Signal(str)

    def __init__(self) -> None:
        self.quantity = Segments([*(QUANTITIES[name].short for name in NAMES), "Result"], "Quantity (Q)")
        self.quantity.chosen = self._last = NAMES.index("deviation")
        self.result = Choice((), "Result of the study that colours the cells")
        self.result.setVisible(False)
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
            row(
                self.quantity,
                self.result,
                self.reduction,
                self.order,
                self.scale,
                self.clip,
                self.lock,
                None,
                gap=6,
                margins=(16, 4, 16, 4),
            ),
            "surface",
            "b",
        )
        self.setFixedHeight(36)
        self.setMinimumWidth(320)  # the strip makes room itself: it never makes the window wider
        self.quantity.chosen_changed.connect(lambda _: self._quantity_changed())
        self.result.picked.connect(lambda _: self._quantity_changed())
        for choice in (self.reduction, self.order, self.scale, self.clip):
            choice.picked.connect(lambda _: self.changed.emit())
        self.shape.chosen_changed.connect(lambda _: self._suit())
        self.shape.chosen_changed.connect(self.shape_changed)

    @property
    def quantity_name(self) -> str:
        """The chosen quantity: a name of `QUANTITIES` or `RESULTS`."""
        return self.result.value if self.quantity.chosen == RESULT else NAMES[self.quantity.chosen]

    @property
    def of_study(self) -> bool:
        """Whether a result of the study colours the cells."""
        return self.quantity.chosen == RESULT

    def show_results(self, names: Sequence[str]) -> None:
        """The results that the study holds; without any, the last quantity of telemetry is shown again."""
        wanted = self.result.value
        self.result.refill([(name, RESULTS[name].title) for name in names])
        self.result.blockSignals(True)
        self.result.choose(wanted)
        self.result.blockSignals(False)
        if not names and self.of_study:
            self.show_quantity("deviation")

    def next_quantity(self) -> None:
        """The one after (key Q); results only where there are some."""
        self.quantity.choose((self.quantity.chosen + 1) % (RESULT + 1 if self.result.count() else RESULT))

    def next_reduction(self) -> None:
        """The one after that this quantity can have (key V); a result of the study has none."""
        if self.of_study:
            self.refused.emit("a result of the study has one value per cell: there is nothing to reduce")
            return
        allowed = [name for name in REDUCTIONS if name != "mean" or self.quantity_name in AVERAGED]
        self.reduction.choose(allowed[(allowed.index(self.reduction.value) + 1) % len(allowed)])

    def show_locked(self, *, on: bool) -> None:
        """Whether the scale is held, without asking for a picture."""
        self.lock.blockSignals(True)
        self.lock.setChecked(on)
        self.lock.blockSignals(False)

    def show_quantity(self, name: str) -> None:
        """Another quantity, without asking for a picture."""
        if name in RESULTS and self.result.findData(name) >= 0:
            self.quantity.chosen = RESULT
            self.result.blockSignals(True)
            self.result.choose(name)
            self.result.blockSignals(False)
        elif name in NAMES:
            self.quantity.chosen = NAMES.index(name)
        self._last = self.quantity.chosen
        self.quantity.update()
        self._suit()

    def show_choices(self, reduction: str, order: str, clip: str) -> None:
        """Another reduction, order and clip, without asking for a picture."""
        for choice, value in ((self.reduction, reduction), (self.order, order), (self.clip, clip)):
            choice.blockSignals(True)
            choice.choose(value)
            choice.blockSignals(False)

    def resizeEvent(self, event: object) -> None:
        """What is needed least gives way first on a narrow window; every choice stays in the list of acts."""
        self._make_room()

    def _make_room(self) -> None:
        first = self.result if self.of_study else self.reduction
        choices = (first, self.order, self.scale)
        for choice in choices:
            choice.spell(short=False)
            choice.setVisible(True)
        self.quantity.squeeze(narrow=False)
        if self._needed(choices) > self.width():
            for choice in choices:
                choice.spell(short=True)
        if self._needed(choices) > self.width():
            self.quantity.squeeze(narrow=True)
        for shown in ((first, self.order), (first,)):
            if self._needed(choices) > self.width():
                choices[len(shown)].setVisible(False)
                choices = (*shown,)
        spare = self.width() - self._needed(choices)
        if spare < 0:
            first.setFixedWidth(max(first.width() + spare, 60))
        self.clip.setVisible(self.clip.width() <= spare)

    def _needed(self, choices: Sequence[Choice]) -> int:
        """Pixels that these take beside the quantity and the lock."""
        return (
            self.quantity.width() + self.lock.sizeHint().width() + (len(choices) + 2) * GAP + 2 * MARGIN + sum(c.width() for c in choices)
        )

    def _suit(self) -> None:
        """Only controls that mean something for this quantity."""
        self.result.setVisible(self.of_study)
        self.reduction.setVisible(not self.of_study)
        for choice in (self.reduction, self.order, self.scale, self.clip):
            choice.setEnabled(self.shape.chosen == 0)  # an instant has one sample per cell, in its place
        self.lock.setEnabled(quantity_named(self.quantity_name).source != STATE)
        self._make_room()

    def _quantity_changed(self) -> None:
        if self.of_study and not self.result.count():
            self.show_quantity(NAMES[self._last])
            self.refused.emit("no results yet: run the study first")
            return
        self._last = self.quantity.chosen
        self.show_locked(on=False)
        if self.reduction.value == "mean" and self.quantity_name not in AVERAGED:
            self.reduction.blockSignals(True)
            self.reduction.choose("worst")
            self.reduction.blockSignals(False)
        self._suit()
        self.changed.emit()
