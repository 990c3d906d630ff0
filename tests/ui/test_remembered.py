"""What the window remembers of a person."""

from pathlib import Path

from PySide6.QtCore import QByteArray

from workbench.ui import remembered
from workbench.ui.recent import folder


def test_words_and_geometry_come_back():
    remembered.keep("theme", "dark")
    remembered.keep_geometry(QByteArray(b"\x01\x02"))
    assert remembered.recalled("theme") == "dark"
    assert bytes(remembered.geometry().data()) == b"\x01\x02"


def test_what_cannot_be_read_is_forgotten():
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / "window.ini").write_bytes(b"\x00\xff[[[nonsense")
    assert remembered.recalled("theme", "system") == "system"
    assert remembered.geometry().isEmpty()


def test_a_project_is_remembered_without_its_path():
    remembered.keep(f"{remembered.place_of(Path('/secret/client.bessreview'))}/stage", "Racks")
    assert "client" not in (folder() / "window.ini").read_text()
    assert remembered.place_of(Path("/a")) != remembered.place_of(Path("/b"))
