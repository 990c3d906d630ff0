"""The sheet of long jobs follows the log while it is open, and what it shows is read."""

from workbench.ui.job_log import JobLog
from workbench.ui.job_sheet import JobSheet


def test_it_says_that_nothing_is_there_and_follows(bridge, qtbot):
    times = iter([0.0, 61.0])
    log = JobLog(bridge, lambda: next(times))
    sheet = JobSheet(None, log)
    qtbot.addWidget(sheet)
    sheet.show()
    assert "longer than a minute" in sheet.note.text()
    assert not sheet.table.isVisible()
    bridge.busy_changed.emit("Study")
    bridge.ended.emit(None)
    assert [row[1].text for row in sheet.table.table.rows] == ["Study"]
    assert sheet.table.isVisible()
    assert log.unread == 0
