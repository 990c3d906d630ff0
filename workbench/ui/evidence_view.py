"""The pictures a finding rests on, made again from their recipes: proved equal to what was pinned, or said to be stale and shown beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtWidgets import QInputDialog, QScrollArea, QVBoxLayout, QWidget

from workbench.review.finding import Evidence, Pointer
from workbench.ui import curves_view, plots
from workbench.ui.curves_view import CurvesView
from workbench.ui.heatmap_canvas import HeatmapCanvas, View
from workbench.ui.phrases import spoken
from workbench.ui.pointer_layer import PointerLayer
from workbench.ui.widgets import Button, Card, Chip, Facts, Item, Label, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.pictures import DivergencePicture, HeatmapPicture, TracesPicture
from workbench.workflow.evidence_state import EvidenceState

HEIGHT, CONDITION = 210, 56  # of a picture; of the sentence below curves


class EvidenceView(QScrollArea):
    """Cards of pictures with their seals. pointed: (place of the evidence, its pointers now). The other signals carry the place of the evidence
    that is to be pinned again, seen again exactly as it was pinned, or taken off the card."""

    pointed = Signal(int, object)
    pin_wanted = Signal(int)
    replay_wanted = Signal(int)
    off_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName("Evidence")
        self.editable = False
        self.layers: dict[int, PointerLayer] = {}  # by place of the evidence; a picture without a canvas has none
        self.begin(())

    def begin(self, evidence: tuple[Evidence, ...]) -> None:
        """Pictures are on their way, or there are none."""
        text = "making the pictures again …" if evidence else "No evidence is pinned to this finding."
        self._fill([Label(text, "small", "muted")])

    def show_states(self, states: tuple[EvidenceState, ...]) -> None:
        """Each evidence with its picture."""
        self.layers = {}
        self._fill([self._card(place, state) for place, state in enumerate(states)])

    def _fill(self, widgets: list[QWidget]) -> None:
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(12)
        for widget in widgets:
            box.addWidget(widget)
        box.addStretch(1)
        self.setWidget(body)

    def _card(self, place: int, state: EvidenceState) -> QWidget:
        evidence, picture = state.evidence, state.picture
        facts = Facts(120)
        facts.show_facts(
            (
                *state.words,
                ("Recipe", f"{evidence.view} · root {numbers.digest_groups(evidence.window_root, 2)} …"),
                ("Extract", f"SHA-256 {numbers.digest_groups(evidence.extract_sha256)} …"),
                ("Picture", f"SHA-256 {numbers.digest_groups(evidence.picture_sha256)} …"),
            )
        )
        caption = picture.caption if picture is not None else None
        chip = Chip("unchanged", "good") if state.fresh else Chip("stale", "warning")
        items: list[Item] = [row(Label(f"{place + 1}  {evidence.title}", "strong"), None, *self._tools(place, state), chip)]
        if state.pinned is not None:
            items += [Label("as it was pinned", "axis", "muted"), drawn(state.pinned), Label("as it is made today", "axis", "muted")]
        shown = drawn(picture) if picture is not None else Label("This picture cannot be made again.", "small", "warning", wrap=True)
        items += [shown, Label(caption.reduction if caption else "", "axis", "muted"), facts]
        layer = pointer_layer(shown)
        if layer is not None:
            layer.show_pointers(evidence.pointers)
            layer.drawn.connect(lambda pointer: self._named(place, evidence, pointer))
            self.layers[place] = layer
        return Card(column(*items, gap=6, margins=(14, 10, 12, 10)), edge="" if state.fresh else "warning")

    def _tools(self, place: int, state: EvidenceState) -> list[Item]:
        again = Button("", "quiet", "play")
        again.setAccessibleName(f"Replay view {place + 1}")
        again.setToolTip("Replay this view")
        again.clicked.connect(lambda: self.replay_wanted.emit(place))
        tools: list[Item] = [again]
        if not self.editable:
            return tools
        if not state.fresh:
            anew = Button("Pin again", icon="pin")
            anew.clicked.connect(lambda: self.pin_wanted.emit(place))
            tools.append(anew)
        if place_for_marks(state):
            for kind in ("box", "arrow"):
                button = Button(kind.capitalize(), "quiet")
                button.setAccessibleName(f"Draw a {'box' if kind == 'box' else 'line with an arrow'} on picture {place + 1}")
                button.clicked.connect(lambda _=False, k=kind: self.layers[place].begin(k))
                tools.append(button)
        if state.evidence.pointers:
            clear = Button("", "quiet", "x")
            clear.setAccessibleName(f"Remove the marks of picture {place + 1}")
            clear.clicked.connect(lambda: self.pointed.emit(place, ()))
            tools.append(clear)
        off = Button("Take off", "quiet")
        off.setAccessibleName(f"Take view {place + 1} off this finding")
        off.clicked.connect(lambda: self.off_wanted.emit(place))
        tools.append(off)
        return tools

    def _named(self, place: int, evidence: Evidence, pointer: Pointer) -> None:
        text, given = QInputDialog.getText(self, spoken("Mark"), spoken("A few words beside the mark (may stay empty)"))
        named = Pointer(
            kind=pointer.kind, start_ns=pointer.start_ns, end_ns=pointer.end_ns, low=pointer.low, high=pointer.high, text=text.strip()
        )
        if given:
            self.pointed.emit(place, (*evidence.pointers, named))


def place_for_marks(state: EvidenceState) -> bool:
    """Whether the picture has coordinates that a mark can be kept in: a refused curve has none."""
    picture = state.picture
    return bool(picture.panels) and len(picture.time_ns) > 0 if isinstance(picture, CurvesPicture) else picture is not None


class _Follow(QObject):
    """Keeps a layer as large as what it lies over."""

    def __init__(self, layer: PointerLayer) -> None:
        super().__init__(layer)
        self._layer = layer

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Resize with the picture."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._layer.setGeometry(watched.rect())
        return False


def drawn(picture: object) -> QWidget:
    """A picture as a widget of fixed height."""
    if isinstance(picture, HeatmapPicture):
        canvas = HeatmapCanvas()
        canvas.time_zone = picture.caption.time_zone
        start, end = int(picture.edges_ns[0]), int(picture.edges_ns[-1])
        canvas.limits, canvas.view = (start, end), View(start, end)
        canvas.setFixedHeight(HEIGHT)
        canvas.show_picture(picture)
        return canvas
    if isinstance(picture, CurvesPicture):
        curves = CurvesView()
        keys = tuple(panel.key for panel in picture.panels)
        curves.show_picture(picture, keys or curves_view.PER_VOLT)  # refused altogether: the sentence that says why
        curves.setFixedHeight(HEIGHT * max(len(keys), 1) + CONDITION)
        return curves
    if isinstance(picture, TracesPicture):
        panel = picture.panels[0]
        widget = plots.plot(picture.caption.time_zone, f"{panel.title} over time")
        if panel.band is not None:
            plots.add_band(widget, panel.band)
        for line in panel.lines:
            plots.add_line(widget, line)
        head = f"{panel.title}, {numbers.unit_sign(panel.unit)}" if panel.unit else panel.title
        plots.name_plot(widget, head)
        widget.setFixedHeight(HEIGHT)
        made: QWidget = widget
        return made
    if isinstance(picture, DivergencePicture):
        spread = plots.plot(picture.caption.time_zone, "Spread inside each rack")
        for line in picture.lines:
            plots.add_line(spread, line)
        spread.setFixedHeight(HEIGHT)
        shown: QWidget = spread
        return shown
    return Label("this picture has no view here", "small", "muted")


def pointer_layer(shown: QWidget) -> PointerLayer | None:
    """A layer over a drawn picture that knows its coordinates, or None where there is no picture."""
    if isinstance(shown, CurvesView):
        return _over_curves(shown)
    if isinstance(shown, HeatmapCanvas):
        layer = PointerLayer(
            shown, lambda t, y: QPointF(shown.x_of(t), shown.y_of_cell(y)), lambda at: (shown.time_at(at.x()), shown.cell_at(at.y()))
        )
    elif hasattr(shown, "getPlotItem"):
        plot: Any = shown
        view = plot.getPlotItem().vb

        def to_screen(time_ns: int, value: float) -> QPointF:
            return QPointF(plot.mapFromScene(view.mapViewToScene(QPointF(time_ns / plots.NS, value))))

        def to_data(at: QPointF) -> tuple[int, float]:
            found = view.mapSceneToView(plot.mapToScene(at.toPoint()))
            return int(found.x() * plots.NS), float(found.y())

        layer = PointerLayer(shown, to_screen, to_data)
        view.sigRangeChanged.connect(lambda *_: layer.update())
    else:
        return None
    shown.installEventFilter(_Follow(layer))
    return layer


def _over_curves(shown: CurvesView) -> PointerLayer | None:
    """Over the first panel: along its bottom a mark is kept by the instants at which the first curve stood there."""
    picture, key = shown.picture, next(iter(shown.plots), "")
    if picture is None or not key or not len(picture.time_ns):
        return None
    plot: Any = shown.plots[key]
    view = plot.getPlotItem().vb

    def to_screen(time_ns: int, value: float) -> QPointF:
        return QPointF(plot.mapFromScene(view.mapViewToScene(QPointF(picture.place_at(key, time_ns) or 0.0, value))))

    def to_data(at: QPointF) -> tuple[int, float]:
        found = view.mapSceneToView(plot.mapToScene(at.toPoint()))
        return picture.instant_at(key, found.x()) or picture.start_ns, float(found.y())

    layer = PointerLayer(plot, to_screen, to_data)
    view.sigRangeChanged.connect(lambda *_: layer.update())
    plot.installEventFilter(_Follow(layer))
    return layer
