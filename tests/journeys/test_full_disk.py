"""A disk that is really full: one sentence, an orderly end, nothing half-written, and the same project works once there is space."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders.exports import Table

ROOT = Path(__file__).resolve().parents[2]
SCOPE = 'client = "Fund"\nmandate = "valuation"\nquestion = "Is it so?"\n'
TINY_DISK = 'mount -t tmpfs -o size="$1" tmpfs "$2" && exec "$3" -c "$4" "$2" "$5"'
STORY = """
import sys
from pathlib import Path
from workbench.cli.main import main
disk, source = Path(sys.argv[1]), sys.argv[2]
assert main(["create", str(disk / "p"), "--scope", source.replace(".csv", ".toml")]) == 0
code = main(["import", str(disk / "p.bessreview"), source])
left = [p.name for folder in ("windows", "derived") for p in (disk / "p.bessreview" / folder).iterdir()]
assert main(["show", str(disk / "p.bessreview"), "windows"]) == 0
print("left", left, "code", code)
"""


def namespaces_of_mounts():
    return shutil.which("unshare") and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not namespaces_of_mounts(), reason="a small disk of its own needs Linux and the right to mount")
@pytest.mark.parametrize("size", ["300k", "700k", "1200k"])
def test_an_import_on_a_full_disk_ends_in_a_sentence(tmp_path, size):
    source = Table(rows=20_000, cells=48).write(tmp_path / "a.csv")
    source.with_suffix(".toml").write_text(SCOPE)
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", TINY_DISK, "sh", size, disk, sys.executable, STORY, source],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr  # a crash at the end would be -11
    assert "The disk is full" in done.stderr
    assert "left [] code 4" in done.stdout
