"""Windows on disk with known contents."""

from builders.plants import facts, rack, series

from workbench.jobs.progress import Progress
from workbench.store.project import Project
from workbench.store.windows import WindowWriter

ID = "0123456789ab"


def write(project: Project, all_series=None, window_id=ID, block=700):
    """A finished window in the project, written in blocks as an import would."""
    all_series = (
        all_series
        if all_series is not None
        else [series(rack("R01"), seed=1), series(rack("R02", cells=5, probes=0), samples=1500, seed=2)]
    )
    window = facts(all_series, window_id)
    with WindowWriter(project, window_id) as writer:
        for one in all_series:
            writer.begin_rack(one.rack, tuple(one.signals))
            for first in range(0, len(one.time_ns), block):
                writer.append(one.rack.id, one.span(first, first + block))
        entry = writer.finish(window, Progress())
    return window, entry, all_series
