"""The main job on the command line, in processes of its own: export in, verified PDF out."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders.site import SECRET

SCOPE = """client = "A Bank"
mandate = "refinancing"
question = "Is the displayed state sufficient?"
asset = "Small site"
boundary = "3 racks, DC"
materiality = "1 point of SoH"
firm = "Engineers"
time_zone = "Europe/Berlin"
[design]
chemistry = "LFP"
rated_capacity_ah = 280
[[claims]]
id = "C1"
text = "SoH 98 %"
"""
VERDICT = 'answer = "no"\nreason = "One cell limits rack R01."\nrecommendation = "tighten covenants"\n'


@pytest.fixture
def workbench(tmp_path):
    def run(*words, code=0):
        place = {"WORKBENCH_PASSPHRASE": SECRET, "WORKBENCH_FIRM_PASSPHRASE": SECRET, "WORKBENCH_AUTHOR": "Rita Example"}
        made = subprocess.run(
            [sys.executable, "-m", "workbench", *(str(w) for w in words)], cwd=tmp_path, env={**os.environ, **place, "PYTHONPATH": str(Path.cwd())},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert made.returncode == code, made.stderr
        return made.stdout

    return run


def test_from_the_owners_export_to_a_verified_report(workbench, small_site, tmp_path):
    (tmp_path / "scope.toml").write_text(SCOPE)
    (tmp_path / "verdict.toml").write_text(VERDICT)
    workbench("create", "north", "--scope", "scope.toml")
    imported = json.loads(workbench("import", "north.bessreview", small_site.export, "--window", "March", "--json"))
    assert (imported["racks"], imported["cells"]) == (3, 48)
    assert {r["rule"] for r in imported["repairs"]} >= {"sign", "sentinel", "duplicate-time"}
    cells = json.loads(workbench("show", "north.bessreview", "cells", "--json"))
    assert cells[0]["cell"] == "R01 · M1 · C005"
    workbench("record", "north.bessreview", "--all-candidates", "--confidence", "high", "--verdict", "verdict.toml", "--lock")
    workbench("identity", "firm", "firm", "--name", "Engineers")
    for name, role in (("Rita Example", "reviewer"), ("Paul Example", "principal")):
        workbench("identity", "create", "firm", "--name", name, "--role", role, "--out", f"{role}.p12")
    workbench("submit", "north.bessreview", "--identity", "reviewer.p12", "--firm", "firm")
    workbench("approve", "north.bessreview", "--identity", "reviewer.p12", "--firm", "firm", code=1)
    workbench("approve", "north.bessreview", "--identity", "principal.p12", "--firm", "firm")
    report = json.loads(workbench("issue", "north.bessreview", "--json"))["report"]
    assert report.endswith("issued/1/report.pdf")
    checked = json.loads(workbench("verify", report, "--project", "north.bessreview", "--recompute", "--json"))
    assert (checked["outcome"], checked["differs"]) == ("valid", [])
    assert [s["role"] for s in checked["signers"]] == ["reviewer", "principal"]
    workbench("import", "north.bessreview", small_site.export, code=4)
    data = bytearray((tmp_path / report).read_bytes())
    data[6000] ^= 1
    (tmp_path / "changed.pdf").write_bytes(bytes(data))
    workbench("verify", "changed.pdf", "--firm", "firm", code=1)
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", tmp_path / report], capture_output=True, text=True, check=False).stdout
        assert said.count("Signature is Valid") == 2
        assert "Total document signed" in said
