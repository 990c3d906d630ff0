"""A table is the same class wherever it is imported from, and the start page pays for nothing else."""

import subprocess
import sys

from workbench.viewmodels import pictures, table_picture


def test_pictures_hands_on_the_very_same_classes():
    for name in ("TableColumn", "TableCell", "TablePicture"):
        assert getattr(pictures, name) is getattr(table_picture, name)


def test_the_first_window_loads_nothing_of_pictures_arrays_or_threads():
    """What the start page does not need waits until it is shown (T13)."""
    late = (
        "numpy",
        "pyqtgraph",
        "h5py",
        "msgspec",
        "zoneinfo",
        "concurrent.futures",
        "workbench.viewmodels.pictures",
        "workbench.workflow",
    )
    code = f"import sys, workbench.ui.app; print([m for m in {late!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
