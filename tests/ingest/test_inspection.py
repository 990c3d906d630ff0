"""What recognition found crosses to a process that loads no reader of files."""

import subprocess
import sys

from builders.exports import Table

from workbench.asset.plain import canonical, revive
from workbench.ingest.inspection import Inspection
from workbench.ingest.recognition import inspect
from workbench.jobs.progress import Progress


def test_an_inspection_is_the_same_after_the_crossing(tmp_path):
    found = inspect([Table().write(tmp_path / "a.csv", sign=-1)], Progress())
    assert found.proofs
    assert found.columns[1].values
    assert revive(canonical(found), Inspection) == found


def test_what_shows_it_loads_no_reader_of_files():
    program = "import sys, workbench.workflow.session; print([n for n in ('pyarrow', 'scipy', 'pandas') if n in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.strip() == "[]"


def test_help_loads_no_numbers():
    program = "import sys; from workbench.cli.main import main; main(['--help']); print('numpy' in sys.modules, file=sys.stderr)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stderr
    assert said.strip() == "False"
