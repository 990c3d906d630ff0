"""Would the test run notice a leak? A small suite of bad tests, run under our own conftest and settings, has to fail as a whole."""

import re
import shutil
import subprocess
import sys

import pytest
from architecture.rules import ROOT

BAD_TESTS = {
    "thread": "import threading\ndef test_it():\n    threading.Thread(target=threading.Event().wait, args=(2.5,)).start()\n",
    "file": "import h5py\nKEPT = []\ndef test_it(tmp_path):\n    KEPT.append(h5py.File(tmp_path / 'a.h5', 'w'))\n",
    "network": "import contextlib, socket\n"
    "def test_it():\n    with contextlib.suppress(OSError):\n        socket.create_connection(('192.0.2.1', 9), 0.1)\n",
    "warning": "import warnings\ndef test_it():\n    warnings.warn('old', DeprecationWarning)\n",
    "qt": "from PySide6 import QtCore\ndef test_it(qtbot):\n    QtCore.qWarning('something is off')\n",
    "slot": "from PySide6 import QtCore\ndef test_it(qtbot):\n    QtCore.QTimer.singleShot(0, lambda: 1 / 0)\n    qtbot.wait(20)\n",
}
GOOD_TESTS = {
    "joined": "import threading\ndef test_it():\n    thread = threading.Thread(target=print)\n    thread.start()\n    thread.join()\n",
    "closed": "import h5py\ndef test_it(tmp_path):\n    with h5py.File(tmp_path / 'a.h5', 'w'):\n        pass\n",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What pytest says about the bad and the good tests under our own conftest."""
    suite = tmp_path_factory.mktemp("suite")
    (suite / "tests").mkdir()
    shutil.copy(ROOT / "tests/conftest.py", suite / "tests")
    shutil.copy(ROOT / "pyproject.toml", suite)
    for name, text in {**BAD_TESTS, **GOOD_TESTS}.items():
        (suite / f"tests/test_{name}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=30"]
    return subprocess.run(command, cwd=suite, capture_output=True, text=True, timeout=60, check=False).stdout


@pytest.mark.parametrize("name", BAD_TESTS)
def test_a_bad_test_fails(name, report):
    assert re.search(rf"^(FAILED|ERROR) tests/test_{name}\.py", report, re.MULTILINE), report


@pytest.mark.parametrize("name", GOOD_TESTS)
def test_a_tidy_test_passes(name, report):
    assert not re.search(rf"^(FAILED|ERROR) tests/test_{name}\.py", report, re.MULTILINE), report
