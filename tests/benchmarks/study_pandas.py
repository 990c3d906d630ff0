"""The questions of a study as most would answer them, with a frame of one column per cell. Alone in its process; the last line printed is JSON. usage: study_pandas.py FILE

FILE: .npz of one rack: time_ns (T,), voltage_mv (C, T), current_a (T,), degc (T,). Ten questions, each in a line or a few, none of them with an
interval, a gate or a refusal: this is the least that a study could be, and an upper limit of what pandas would need for the whole of it.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
from benchmarks import measuring

REST_A, STEP_A, STILL_S, JUMP_MV = 2.0, 20.0, 3600.0, 100.0
MISSING = -32768


def study(time_ns, voltage_mv, current_a, degc):
    """{question: answer} of one rack."""
    index = pd.to_datetime(time_ns, utc=True)
    cells = pd.DataFrame(voltage_mv.T.astype("float64"), index=index).replace(float(MISSING), np.nan)
    current = pd.Series(current_a, index=index)
    seconds = pd.Series(index, index=index).diff().dt.total_seconds().fillna(0.0)
    regime = pd.Series(np.where(current.abs() < REST_A, "rest", np.where(current > 0, "charge", "discharge")), index=index)
    away = cells.sub(cells.median(axis=1), axis=0)
    found = {"statistics": cells.describe(), "spread": (cells.max(axis=1) - cells.min(axis=1)).resample("1h").max()}
    by_day = away.groupby([index.date, regime.to_numpy()]).median()
    found["deviation"] = by_day.groupby(level=1).median()
    middle = found["deviation"].median(axis=1)
    mad = found["deviation"].sub(middle, axis=0).abs().median(axis=1)
    found["z"] = found["deviation"].sub(middle, axis=0).div(1.4826 * mad.clip(lower=1.0), axis=0)
    steps = cells.diff()
    found["jumps"] = (steps.abs() > JUMP_MV).sum()
    found["frozen"] = steps.eq(0).apply(lambda moved: moved.groupby((~moved).cumsum()).sum().max()) * seconds.median() > STILL_S
    found["received"] = cells.notna().mean()
    loaded = current.diff().abs() > STEP_A
    found["resistance"] = steps[loaded].div(current.diff()[loaded], axis=0).median()
    charge = (current * seconds / 3600).cumsum()
    found["capacity"] = charge.resample("1D").max() - charge.resample("1D").min()
    rests = by_day.xs("rest", level=1)
    found["drift"] = rests.apply(lambda one: np.polyfit(np.arange(len(one)), one.to_numpy(), 1)[0])
    found["warmth"] = away[regime == "rest"].corrwith(pd.Series(degc, index=index)[regime == "rest"])
    return found


if __name__ == "__main__":
    given = np.load(sys.argv[1])
    begin, busy = time.perf_counter(), time.process_time()
    answers = study(given["time_ns"], given["voltage_mv"], given["current_a"], given["degc"])
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - begin,
                "busy": time.process_time() - busy,
                "peak_mb": measuring.peak_mb(),
                "discharge_mv": answers["deviation"].loc["discharge"].tolist(),
            }
        )
    )
