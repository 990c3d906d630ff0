"""What every test may rely on: no network, no leftovers, no warnings, its own settings, fonts as shipped.

Warnings and Qt messages are failures through pyproject.toml; this file holds what needs code.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import os
import shutil
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 1.0  # how long a thread that was told to stop may take to die

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public telemetry of real batteries, kept beside the repository and not in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the public sample data in ../shared/data, which is not beside this repository")
    return folder


@pytest.fixture(scope="session")
def small_site(tmp_path_factory):
    """A small simulated site: its export, and a project that imported and studied it. Read only: `project` is a copy to work on."""
    site = importlib.import_module("builders.site")
    return site.make(tmp_path_factory.mktemp("site"))


@pytest.fixture
def project(small_site, tmp_path) -> Path:
    """A copy of the small project, closed."""
    return shutil.copytree(small_site.project, tmp_path / "small.bessreview")


@pytest.fixture
def session(project):
    """The small project, open for its reviewer."""
    opened = importlib.import_module("workbench.workflow.session").Session.open(project, author="Rita Example")
    with opened:
        yield opened


@pytest.fixture(scope="session")
def stressed_site(tmp_path_factory) -> Path:
    """A project whose racks tripped, were held back, charged cold and alarmed late, imported from files and studied. Read only: copy it."""
    return importlib.import_module("builders.stressed").project(tmp_path_factory.mktemp("stressed"))


@pytest.fixture
def stressed(stressed_site, tmp_path):
    """That project, open for its reviewer."""
    copy = shutil.copytree(stressed_site, tmp_path / "stressed.bessreview")
    with importlib.import_module("workbench.workflow.session").Session.open(copy, author="Rita Example") as opened:
        yield opened


@pytest.fixture(scope="session")
def credentials(tmp_path_factory):
    """Reviewer and principal of one firm, with their keys."""
    return importlib.import_module("builders.site").make_identities(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def issued_site(small_site, credentials, tmp_path_factory):
    """The small project submitted, approved and issued. Read only: copy it before changing it."""
    return importlib.import_module("builders.site").issue(small_site, credentials, tmp_path_factory.mktemp("issued"))


@pytest.fixture(scope="session")
def qapp(qapp):
    """The application with the fonts it ships: without them pictures depend on the machine."""
    if importlib.util.find_spec("workbench.ui.theme"):
        theme = importlib.import_module("workbench.ui.theme")
        if hasattr(theme, "register_fonts"):
            theme.register_fonts()
    return qapp


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory, monkeypatch):
    """Settings and recent projects of the person who runs the tests are neither read nor written."""
    home = tmp_path_factory.mktemp("person")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(autouse=True, scope="session")
def read_here():
    """Files of the tests are our own: they are read, and studied, in this process. Tests of the other process put `apart` back."""
    if not importlib.util.find_spec("workbench.workflow.reading"):
        yield  # a copy of the package in which the rules are proved
        return
    before = []
    for asker, name, answerer in (("intake", "ask", "reading"), ("intake", "prove", "proved"), ("studies", "ask", "studying")):
        module = importlib.import_module(f"workbench.workflow.{asker}")
        before.append((module, name, getattr(module, name)))
        setattr(module, name, importlib.import_module(f"workbench.workflow.{answerer}").here)
    yield
    for module, name, ask in before:
        setattr(module, name, ask)


@pytest.fixture(autouse=True)
def closed_network(monkeypatch):
    """A test that reaches for the network fails, even where the code under test swallows the error."""
    attempts: list[object] = []

    def refuse(connect):
        def guarded(self, address, *rest):
            if self.family == getattr(socket, "AF_UNIX", None) or _own_pair(address):
                return connect(self, address, *rest)
            attempts.append(address)
            raise OSError("the network is closed in tests")

        return guarded

    monkeypatch.setattr(socket.socket, "connect", refuse(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", refuse(socket.socket.connect_ex))
    yield
    if attempts:
        pytest.fail(f"this test reached for the network: {attempts}")


def _own_pair(address) -> bool:
    """On Windows socket.socketpair, and so asyncio, talks to itself over the loopback."""
    return os.name == "nt" and address[0] in ("127.0.0.1", "::1")


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """A test that leaves a thread running or an HDF5 file open fails: the next one would suffer for it."""
    threads, files = set(threading.enumerate()), _open_hdf5_files()
    yield
    deadline = time.monotonic() + PATIENCE_S
    while (left := _running(threads)) and time.monotonic() < deadline:
        time.sleep(0.01)
    if _open_hdf5_files() > files:
        gc.collect()  # a caught exception may hold a frame a little longer
    open_files = _open_hdf5_files() - files
    problems = [f"thread {thread.name}" for thread in left]
    if open_files > 0:
        problems.append(f"{open_files} open HDF5 objects")
    if problems:
        pytest.fail(f"left behind: {', '.join(problems)}")


@pytest.fixture(autouse=True)
def no_widget_left():
    """Widgets of a test go with it: those left over would be dressed anew at every change of the theme, and what they show would stay in memory."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    for widget in widgets.QApplication.topLevelWidgets():
        widget.deleteLater()
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)


def _running(before: set[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]


def _open_hdf5_files() -> int:
    """How many HDF5 files are open; h5py is looked at only where a test has loaded it."""
    h5py = sys.modules.get("h5py")
    return h5py.h5f.get_obj_count(h5py.h5f.OBJ_ALL, h5py.h5f.OBJ_FILE) if h5py else 0
