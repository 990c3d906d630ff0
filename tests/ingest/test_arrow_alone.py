"""A process that only reads files never loads pandas for arrow, and still has it where it is asked for by name."""

import subprocess
import sys

from builders.exports import Table

PROGRAM = """
import sys
from pathlib import Path
from workbench.ingest import arrow_alone
arrow_alone.decided()
from workbench.ingest import recognition
from workbench.jobs.progress import Progress
recognition.inspect([Path(sys.argv[1])], Progress())
print("pandas" in sys.modules)
import pandas
print(pandas.Series([1, 2]).sum())
"""


def test_recognising_a_file_loads_no_pandas_which_stays_there(tmp_path):
    path = Table().write(tmp_path / "a.csv")
    said = subprocess.run([sys.executable, "-c", PROGRAM, path], capture_output=True, text=True, check=True, timeout=120).stdout
    assert said.split() == ["False", "3"]
