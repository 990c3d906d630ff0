"""Every quirk of the list has a row that plants it: the row exists, and readers of every format have their malformed twin."""

import re

import pytest
from builders import nasty
from builders.quirks import all_quirks
from builders.wild import WILD

TABLES = {"quirk": {q.name for q in all_quirks()}, "nasty": set(nasty.EXPORTS), "folder": set(nasty.FOLDERS)}
READERS = ("workbook", "parquet", "matlab", "mdf", "sqlite", "hdf5")


@pytest.mark.parametrize("quirk", WILD)
def test_a_row_plants_it(quirk, request):
    where, name = WILD[quirk]
    if where in TABLES:
        assert name in TABLES[where]
    else:
        text = (request.config.rootpath / "tests" / where).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.M), f"{where} has no {name}"


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_has_its_malformed_twin(reader, request):
    text = (request.config.rootpath / "tests" / "ingest" / f"test_{reader}_source.py").read_text(encoding="utf-8")
    assert re.search(r"^def test_malformed_twins?\(", text, re.M)
