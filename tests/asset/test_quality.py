"""One byte of flags per sample."""

from workbench.asset.quality import UNUSABLE, Quality


def test_flags_fit_one_byte_and_are_distinct():
    values = [flag.value for flag in Quality if flag.value]
    assert max(values) <= 128
    assert sum(values) == 255


def test_a_repaired_or_held_sample_stays_usable():
    assert not UNUSABLE & (Quality.REPAIRED | Quality.HELD | Quality.RECEIVED)
    assert UNUSABLE & Quality.SENTINEL
