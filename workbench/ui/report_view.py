"""Stage Report: the pages as they stand, as a draft, exactly as they will print."""

from __future__ import annotations

from functools import partial

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from workbench.jobs.progress import Progress
from workbench.review.stages import Stage
from workbench.ui.desk import Desk
from workbench.ui.stage_views import refresh_on
from workbench.ui.widgets import Button, EmptyState, Label, canvas_head, clear
from workbench.viewmodels import numbers

PAGE_WIDTH, WIDEST, SHARE = 760, 1100, 0.5  # pixels of a page; on a large screen it takes a share of the width, up to what reads well


def page_image(pdf: bytes, index: int, width: int) -> QImage:
    """One page of a PDF as an image of that width in device pixels."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[index]
        bitmap = page.render(scale=width / page.get_width(), rev_byteorder=False)
        array = bitmap.to_numpy()
        height, wide, channels = array.shape
        form = QImage.Format.Format_RGB32 if channels == 4 else QImage.Format.Format_BGR888
        return QImage(array.tobytes(), wide, height, wide * channels, form).copy()
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


class ReportView(QWidget):
    """Preview on request; the signed bytes once there are any."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._note = Label("", "small", "muted")
        self.make = Button("Make the draft", "primary", "eye")
        self.make.clicked.connect(self.preview)
        self._pages = QVBoxLayout()
        self._pages.setSpacing(16)
        holder = QWidget()
        holder.setLayout(self._pages)
        self._scroll = QScrollArea()
        self._scroll.setWidget(holder)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setAccessibleName("Pages of the report")
        self._empty = EmptyState(
            "No draft yet", "The draft shows every page as it will print. It is not signed and says so on every page.", "Make the draft"
        )
        self._empty.acted.connect(self.preview)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._scroll)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(Label("Report", "title"), self._note, self.make))
        self._unprinted = Label("", "small", "warning", wrap=True)
        self._unprinted.setContentsMargins(16, 8, 16, 8)
        self._unprinted.hide()
        box.addWidget(self._unprinted)
        box.addWidget(self._stack, 1)
        refresh_on(self, self.refresh, desk.document_changed)
        self.refresh()

    def refresh(self) -> None:
        """What can be shown depends on how far the review has come."""
        signed = self._desk.session.document.stage is not Stage.DRAFT
        self.make.setText("Show the signed report" if signed else "Make the draft")
        self._note.setText(
            "signed bytes, as they stand in the project" if signed else "nothing leaves the project before both signatures are made"
        )
        self._empty.rename("The report is signed" if signed else "No draft yet", "Show the signed report" if signed else "Make the draft")

    def preview(self) -> None:
        """Render: the signed report if there is one, else the draft."""
        from workbench.workflow.sign_off import preview

        session = self._desk.session
        signed = session.sealed_report()
        if signed is not None:
            self.show_pdf(signed)
        else:
            self._desk.bridge.run("Report", partial(preview, session), self.show_pdf)

    def show_pdf(self, pdf: bytes) -> None:
        """Its pages below each other; they are drawn off the window's thread."""
        room = min(max(int(self.width() * SHARE), PAGE_WIDTH), WIDEST)
        wide = int(room * self.devicePixelRatioF())

        document, facts = self._desk.session.document, self._desk.facts

        def draw(progress: Progress) -> tuple[tuple[QImage, ...], str]:
            from workbench.workflow.unprinted import unprinted

            images = []
            for index in range(page_count(pdf)):
                progress.checkpoint()
                images.append(page_image(pdf, index, wide))
            return tuple(images), unprinted(document, facts)

        self._desk.bridge.fetch("pages", draw, lambda made: self._show_pages(made[0], len(pdf), made[1]))

    def _show_pages(self, images: tuple[QImage, ...], size: int, unprinted: str) -> None:
        clear(self._pages)
        ratio = self.devicePixelRatioF()
        count = len(images)
        for index, image in enumerate(images):
            image.setDevicePixelRatio(ratio)
            page = QLabel()
            page.setPixmap(QPixmap.fromImage(image))
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            page.setAccessibleName(f"Page {index + 1} of {count}")
            self._pages.addWidget(page)
        self._stack.setCurrentIndex(1)
        self._note.setText(f"{numbers.count(count, 'page')}, {size / 1e6:.1f} MB · stage: {self._desk.session.document.stage.value}")
        self._unprinted.setText(unprinted)
        self._unprinted.setVisible(bool(unprinted))
