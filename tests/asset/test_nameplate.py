"""What nobody declared stays undeclared."""

import pytest

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import revive_plain


def test_nothing_is_assumed():
    record = DesignRecord()
    figures = [getattr(record, name) for name in record.__struct_fields__ if name not in ("chemistry", "source")]
    assert set(figures) == {None}


def test_whole_numbers_of_a_data_sheet_are_taken():
    assert revive_plain({"rated_capacity_ah": 280, "chemistry": "LFP"}, DesignRecord).rated_capacity_ah == 280.0


def test_a_misspelt_field_is_refused():
    with pytest.raises(ValueError, match="rated_capacity"):
        revive_plain({"rated_capacity": 280}, DesignRecord)
