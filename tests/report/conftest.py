"""Contents of a report on the small site, and how to read a PDF back."""

import io

import pypdfium2
import pytest
from builders.site import record

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.workflow import report_contents


class Paper:
    """A PDF as a reader sees it: text and pixels."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        document = pypdfium2.PdfDocument(io.BytesIO(pdf))
        self.pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
        document.close()

    @property
    def text(self):
        return " ".join(self.pages)

    def pixels(self, page=0, scale=2.0):
        document = pypdfium2.PdfDocument(io.BytesIO(self.pdf))
        image = document[page].render(scale=scale).to_numpy()[..., :3].copy()
        document.close()
        return image  # rows, columns, blue green red


@pytest.fixture(scope="session")
def paper():
    return Paper


@pytest.fixture(scope="session")
def contents(small_site, tmp_path_factory):
    """What a complete review of the small site prints."""
    import shutil

    from workbench.workflow.session import Session

    project = shutil.copytree(small_site.project, tmp_path_factory.mktemp("report") / "small.bessreview")
    with Session.open(project, author="Rita Example") as session:
        record(session)
        return report_contents.gather(
            session.project, session.views, session.studies, session.document, session.render, Progress(),
            prepared_ns=1_795_500_000_000_000_000, reviewer="Rita Example", principal="Paul Example", journal=session.project.journal.head(), draft=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def printed(contents, paper):
    return paper(render(contents, Progress()))
