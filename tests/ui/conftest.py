"""A desk on the small project, its lanes, and patience."""

import pytest
from builders.patience import at_rest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from workbench.ui import theme
from workbench.ui.desk import Desk
from workbench.ui.job_bridge import JobBridge


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp):
    """The light theme, as the program starts."""
    theme.use(qapp, "light")
    return qapp


@pytest.fixture
def failures():
    return []


@pytest.fixture
def bridge(qapp, failures):
    made = JobBridge(failures.append)
    yield made
    made.close()
    QCoreApplication.processEvents()


@pytest.fixture
def settled(bridge):
    """Wait until everything that was asked for has arrived."""

    return lambda seconds=20.0: at_rest(bridge, seconds)


@pytest.fixture
def desk(session, bridge, failures):
    made = Desk(session, bridge)
    yield made
    made.leave()
    assert failures == []


@pytest.fixture
def empty_desk(tmp_path, bridge, failures):
    """A project with a scope and nothing else."""
    from builders.site import SCOPE

    from workbench.workflow.session import Session

    with Session.create(tmp_path / "empty.bessreview", SCOPE, author="Rita Example") as session:
        made = Desk(session, bridge)
        yield made
        made.leave()
    assert failures == []


@pytest.fixture
def shown(qtbot):
    """Put a widget on screen and hand back its pixels as (rows, columns, 3)."""
    import numpy as np

    def show(widget, width=900, height=600):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        QApplication.processEvents()
        image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
        raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
        return raw[..., 2::-1].copy()  # red, green, blue

    yield show
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def workspace(desk, shown, settled):
    """All stages of the small project, on screen."""
    from workbench.ui.workspace import Workspace

    made = Workspace(desk)
    shown(made, 1300, 800)
    settled()
    return made
