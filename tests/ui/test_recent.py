"""Recent projects of this person."""

import json

from workbench.ui import recent


def test_latest_first_once_and_not_too_many(tmp_path):
    for i in range(20):
        recent.remember(tmp_path / f"{i}.bessreview")
    recent.remember(tmp_path / "15.bessreview")
    names = [p.stem for p in recent.recent()]
    assert names[:2] == ["15", "19"]
    assert len(names) == len(set(names)) == recent.KEPT


def test_a_damaged_list_is_an_empty_list():
    recent.folder().mkdir(parents=True, exist_ok=True)
    for text in ("{", "3", json.dumps([1, None])):
        (recent.folder() / "recent.json").write_text(text)
        assert recent.recent() == []


def test_a_place_that_cannot_be_written_stops_nobody(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    monkeypatch.delenv("APPDATA", raising=False)
    recent.remember(tmp_path)
    assert recent.recent() == []
