"""No export gives a number that is silently wrong: each is the truth, or missing, or what is said to be unproven. Shown for exports drawn at random. WORKBENCH_EXPORTS=300 for more."""

import os

import numpy as np
import pytest
from builders import random_exports
from builders.exports import read

from workbench.asset.channels import MISSING_INT16

SEEDS = int(os.environ.get("WORKBENCH_EXPORTS", "24"))
MOST_LOST = 0.03  # of cell voltages: rows of a change of unit that nothing places
SAID = {"scale-unproven", "unit-unproven", "out-of-range", "no-rack"}  # why a signal, or some of its rows, may be absent


def near(got, truth, tolerance):
    """Whether all that is there is right."""
    there = np.isfinite(got)
    return bool((np.abs(got[there] - truth[there]) <= tolerance).all())


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_read_is_the_truth_or_is_said(tmp_path, seed):
    judged(tmp_path, seed)


def judged(tmp_path, seed):
    d = random_exports.drawn(seed)
    time_ns, truth = random_exports.made(d, tmp_path)
    facts, sink = read(tmp_path)
    rules = {(r.rule, r.place) for r in facts.repairs}
    codes = {rule for rule, _ in rules}
    assert set(sink.racks) == {f"R{rack:02d}" for rack in d.racks}, d
    for rack, t in truth.items():
        name = f"R{rack:02d}"
        kept, signals = sink.racks[name]
        at = np.searchsorted(time_ns, sink.time_ns(name))
        assert np.array_equal(time_ns[at], sink.time_ns(name)), d
        assert len(at) == d.rows, d
        volts, known = sink.voltage(name), sink.voltage(name) != MISSING_INT16
        assert np.array_equal(volts[known], t.volts[:, at][known]), d
        assert (~known).sum() <= len(t.gaps) + MOST_LOST * known.size * (d.switch == "cells"), d
        for signal, values, tolerance in (
            ("rack_current_a", t.amps, 0.051),
            ("reported_soc", t.share, 6e-4),
            ("rack_voltage_v", t.pack, 0.051),
        ):
            if signal not in signals:
                assert codes & SAID, (signal, d)
                continue
            got = sink.signal(signal, name)
            open_sign = signal == "rack_current_a" and "sign-unproven" in codes
            right = near(got, values[at], tolerance) or (open_sign and near(-got, values[at], tolerance))
            assert right or ("scale-unproven" in codes and near(got / 10, values[at], tolerance)), (signal, d)
            assert np.isfinite(got).mean() > 0.97 or codes & SAID, (signal, d)
        if d.probes and kept.probes and "offset-unproven" not in codes:
            told = np.concatenate([b.probe_temperature_ddegc for b in sink.blocks[name]], axis=1)
            there = told != MISSING_INT16
            assert (np.abs(told - 10 * t.warm[:, at])[there] <= 1).all(), d
        assert not d.probes or kept.probes or "unit-unproven" in codes, d
