"""Starting the window."""

import pytest

from workbench.ui.app import binding_trouble, make_app


@pytest.mark.parametrize(
    ("binding", "python", "refused"), [("6.12.0", (3, 11), True), ("6.12.0", (3, 12), False), ("6.11.3", (3, 11), False)]
)
def test_the_pair_that_aborts_is_refused_in_words(binding, python, refused):
    said = binding_trouble(binding, python)
    assert bool(said) is refused
    if said:
        assert "6.11.3" in said


def test_the_application_is_made_once(qapp):
    assert make_app(["workbench"]) is qapp


def test_the_first_window_needs_no_arrays_and_no_files_of_measurements():
    """What takes long to load comes after the first window: then it shows in half the time."""
    import subprocess
    import sys

    code = (
        "import sys; from workbench.ui.app import make_app; from workbench.ui.main_window import MainWindow; app = make_app([]); "
        "window = MainWindow(); print(sorted({'numpy', 'h5py', 'pyarrow', 'pandas', 'pyqtgraph', 'reportlab'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_threads_hand_python_back_quickly_once_the_window_wants_it(qapp):
    import sys

    from workbench.ui.app import TURN_S, make_app

    before = sys.getswitchinterval()
    try:
        make_app([])
        assert sys.getswitchinterval() == pytest.approx(TURN_S)
        assert TURN_S < before or before == pytest.approx(TURN_S)
    finally:
        sys.setswitchinterval(before)
