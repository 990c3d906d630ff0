"""The main job on a small site, from simulation to verified signatures."""

import pytest
from builders.site import SPEC

from workbench.errors import ProjectError
from workbench.jobs.progress import Progress
from workbench.workflow import demo


def test_every_planted_fault_is_found_signed_and_made_again(tmp_path):
    said = []
    made = demo.run(tmp_path / "demo", Progress(), said.append, SPEC)
    assert made.complete, (made.found, made.false_alarms, made.verification.first_failure, made.differs)
    assert made.report == tmp_path / "demo" / "northfield.bessreview" / "issued" / "1" / "report.pdf"
    assert [s.name for s in made.verification.signers] == [demo.REVIEWER, demo.PRINCIPAL]
    assert any("submitted" in line for line in said)


def test_it_never_writes_into_a_folder_that_holds_something(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(ProjectError):
        demo.run(tmp_path, Progress(), print)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
