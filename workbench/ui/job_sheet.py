"""The sheet of long jobs: what ran in this session, for how long, and how it ended."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from workbench.ui.job_log import JobLog
from workbench.ui.table import PictureTable
from workbench.ui.translation import tr
from workbench.ui.widgets import Label


class JobSheet(QDialog):
    """Not modal; follows the log while it is open, and what it shows is read."""

    def __init__(self, parent: QWidget, log: JobLog) -> None:
        super().__init__(parent)
        self._log, self._shown = log, -1
        self.setWindowTitle(tr("Jobs of this session"))
        self.resize(900, 360)
        self.setModal(False)
        self.note = Label("", "small", "muted", wrap=True)
        self.table = PictureTable("Jobs of this session", 24, wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.addWidget(self.note)
        box.addWidget(self.table, 1)
        log.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        if (len(self._log.entries), self._log.unread) == (self._shown, 0):
            return
        self._shown = len(self._log.entries)
        self.table.show_table(self._log.read())
        none = "No job of this session took longer than a minute, and none failed."
        self.note.setText("Jobs that took longer than a minute, and those that failed; the newest first." if self._log.entries else none)
        self.table.setVisible(bool(self._log.entries))
