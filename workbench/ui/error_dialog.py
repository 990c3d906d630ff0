"""The window's border for failures: one sentence and what to do; details only for faults of the program itself."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def describe(error: BaseException) -> tuple[str, str, str]:
    """Headline, remedy and details of a failure."""
    if isinstance(error, WorkbenchError):
        return error.message, error.remedy, ""
    details = "".join(traceback.format_exception(error))
    return "The workbench made a mistake; your data and edits are safe.", "Please report it with the details.", details


def show_error(parent: QWidget | None, error: BaseException) -> None:
    """Say it in a dialog that does not stop anything else."""
    from PySide6.QtWidgets import QMessageBox  # here, so that the first window does not wait for it

    message, remedy, details = describe(error)
    box = QMessageBox(QMessageBox.Icon.Warning, "Workbench", message, QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(remedy)
    if details:
        box.setDetailedText(details)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.show()  # open() would hold the window behind it


def install_hook(parent: QWidget | None) -> None:
    """Uncaught exceptions in slots are said, printed, and their frames cleared (Python 3.11 would crash at exit holding them)."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        if isinstance(error, KeyboardInterrupt):
            sys.exit(130)
        show_error(parent, error)
        traceback.clear_frames(trace)

    sys.excepthook = hook
