"""What is killed: imports a window again and again, or edits and says each edit once it is acknowledged.

An import says each stage it comes to, and waits there for a line from whoever would rather kill it.
"""

import sys
from pathlib import Path

from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.review.edits import SetVerdict
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.workflow.session import Session

STAGE = "stage "
what, project, source = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
verdict = Verdict(answer=AnswerWord.NO, reason="", recommendation=Recommendation.MONITOR)
stages = []


def told(report):
    """Say a stage once it begins."""
    if stages[-1:] != [report.stage]:
        stages.append(report.stage)
        print(f"{STAGE}{report.stage}", flush=True)
        sys.stdin.readline()


with Session.open(project, author="Rita") as session:
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        if what == "edits":
            session.do(SetVerdict(verdict=replace(verdict, reason=f"edit {number}")))
            print(number, flush=True)
        else:
            print(session.import_window([source], Progress(told), name=f"W{number}").id, flush=True)
