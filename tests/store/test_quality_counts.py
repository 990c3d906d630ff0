"""Counts of marks against plain numpy over the same samples, whatever the chunks are."""

import numpy as np
import pytest

from workbench.asset.quality import Quality
from workbench.jobs.progress import Progress
from workbench.store.quality_counts import quality_counts


@pytest.mark.parametrize("chunk", [7, 10_000_000])
def test_every_mark_is_counted(session, monkeypatch, chunk):
    reader = session.views.reader(session.window_id())
    monkeypatch.setattr("workbench.store.schema.CHUNK", chunk if chunk > 1000 else max(reader.samples("R01") // chunk, 1))
    counted = quality_counts(reader, Progress())
    for rack in reader.facts.plant.racks:
        marks = reader.series(rack.id).cell_quality
        told = {one.flag: one for one in counted if one.rack == rack.id}
        for flag in Quality:
            hit = (marks & int(flag)) > 0 if flag else marks == 0
            assert hit.any() == (flag in told)
            if flag in told:
                assert (told[flag].samples, told[flag].cells) == (hit.sum(), hit.any(axis=1).sum())
                assert told[flag].first_ns == reader.time_ns(rack.id)[np.argmax(hit.any(axis=0))]
    assert {one.flag for one in counted} >= {Quality.RECEIVED, Quality.SENTINEL}
