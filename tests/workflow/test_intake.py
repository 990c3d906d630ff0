"""From files to a window, by a proposal that can be kept and edited."""

import json

import pytest
from builders.exports import Table

from workbench.errors import IngestError, Reason
from workbench.jobs.progress import Progress
from workbench.workflow import intake


def test_preview_keep_edit_import(session, tmp_path):
    path = Table().write(tmp_path / "a.csv")
    found = session.inspect([path], Progress())
    assert {c: v for c, v, _ in found.facts}["Zone"].startswith("Europe/Berlin"), "the scope's zone is proposed"
    intake.save_profile(found, tmp_path / "m.json")
    profile = json.loads((tmp_path / "m.json").read_text())
    next(rule for rule in profile["columns"] if rule["quantity"] == "rack_current_a")["sign"] = -1
    (tmp_path / "m.json").write_text(json.dumps(profile))
    entry = session.import_window([path], Progress(), mapping=tmp_path / "m.json")
    current = session.views.reader(entry.id).series("R01").signal("rack_current_a")
    assert current[0] == 40.0, "the edited mapping decides"


def test_json_of_a_preview(session, tmp_path):
    found = session.inspect([Table().write(tmp_path / "a.csv")], Progress())
    shown = json.loads(json.dumps(intake.preview_json(found)))
    assert {"column", "becomes", "verdict"} <= set(shown["columns"][0])
    assert shown["profile"]["shape"] == "wide"


def test_a_project_is_no_telemetry(session, tmp_path):
    Table().write(tmp_path / "a.csv")
    for asked in (session.inspect, session.import_window, session.import_counters):
        with pytest.raises(IngestError) as caught:
            asked([tmp_path / "a.csv", session.path], Progress())
        assert caught.value.reason is Reason.FORMAT_UNKNOWN
        assert str(session.path) in str(caught.value)
