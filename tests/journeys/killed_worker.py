"""What is killed: imports a window again and again, or edits and says each edit once it is acknowledged."""

import sys
from pathlib import Path

from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.review.edits import SetVerdict
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.workflow.session import Session

what, project, source = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
verdict = Verdict(answer=AnswerWord.NO, reason="", recommendation=Recommendation.MONITOR)
with Session.open(project, author="Rita") as session:
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        if what == "edits":
            session.do(SetVerdict(verdict=replace(verdict, reason=f"edit {number}")))
            print(number, flush=True)
        else:
            print(session.import_window([source], Progress(), name=f"W{number}").id, flush=True)
