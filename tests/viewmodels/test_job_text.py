"""A job says what is known of it and nothing else."""

import pytest

from workbench.jobs.progress import Report
from workbench.viewmodels.job_text import job_text


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (Report("recognising", 0, None, 0.1), "recognising"),
        (Report("reading", 0, 100e6, 0.0), "reading, 0 %"),
        (Report("reading", 45e6, 100e6, 0.2), "reading, 45 %"),
        (Report("reading", 64e6, 128e6, 2.0), "reading, 50 %, 32 MB/s, 2 s left"),
        (Report("reading", 3e6, 128e6, 2.0), "reading, 2 %, 1.5 MB/s, 83 s left"),
        (Report("writing the window", 3, 6, 2.0), "writing the window, 50 %, 2 s left"),
    ],
)
def test_words(report, text):
    assert job_text(report).replace("\u202f", " ") == text
