"""The pictures a finding rests on, made again from their recipes and proved equal to what was pinned."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workbench.review.finding import Evidence
from workbench.ui import plots
from workbench.ui.heatmap_canvas import HeatmapCanvas, View
from workbench.ui.widgets import Card, Chip, Facts, Label, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import DivergencePicture, HeatmapPicture, TracesPicture

HEIGHT = 210


class EvidenceView(QScrollArea):
    """Cards of pictures with their seals."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName("Evidence")
        self.begin(())

    def begin(self, evidence: tuple[Evidence, ...]) -> None:
        """Pictures are on their way, or there are none."""
        text = "making the pictures again …" if evidence else "No evidence is pinned to this finding."
        self._fill([Label(text, "small", "muted")])

    def show_pictures(self, pairs: tuple[tuple[Evidence, object], ...]) -> None:
        """Each evidence with its picture."""
        self._fill([_card(number, evidence, picture) for number, (evidence, picture) in enumerate(pairs, 1)])

    def _fill(self, widgets: list[QWidget]) -> None:
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(12)
        for widget in widgets:
            box.addWidget(widget)
        box.addStretch(1)
        self.setWidget(body)


def _card(number: int, evidence: Evidence, picture: object) -> QWidget:
    facts = Facts(80)
    facts.show_facts(
        (
            ("Recipe", f"{evidence.view} · root {numbers.digest_groups(evidence.window_root, 2)} …"),
            ("Extract", f"SHA-256 {numbers.digest_groups(evidence.extract_sha256)} …"),
            ("Picture", f"SHA-256 {numbers.digest_groups(evidence.picture_sha256)} …"),
        )
    )
    caption = picture.caption if isinstance(picture, HeatmapPicture | TracesPicture | DivergencePicture) else None
    note = Label(caption.reduction if caption else "", "axis", "muted")
    head = row(Label(f"{number}  {evidence.title}", "strong"), None, Chip("unchanged", "good"))
    return Card(column(head, _drawn(picture), note, facts, gap=6, margins=(14, 10, 12, 10)))


def _drawn(picture: object) -> QWidget:
    if isinstance(picture, HeatmapPicture):
        canvas = HeatmapCanvas()
        canvas.time_zone = picture.caption.time_zone
        start, end = int(picture.edges_ns[0]), int(picture.edges_ns[-1])
        canvas.limits, canvas.view = (start, end), View(start, end)
        canvas.setFixedHeight(HEIGHT)
        canvas.show_picture(picture)
        return canvas
    if isinstance(picture, TracesPicture):
        panel = picture.panels[0]
        widget = plots.plot(picture.caption.time_zone, f"{panel.title} over time")
        if panel.band is not None:
            plots.add_band(widget, panel.band)
        for line in panel.lines:
            plots.add_line(widget, line)
        plots.name_plot(widget, f"{panel.title}, {numbers.unit_sign(panel.unit)}" if panel.unit else panel.title)
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
