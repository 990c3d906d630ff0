"""What a bank delivers with all its racks and while one is open, as a table and as one sentence per opened rack."""

from __future__ import annotations

from workbench.analysis.estimates import BankState
from workbench.analysis.results import Estimate, StudyResult
from workbench.viewmodels import numbers
from workbench.viewmodels.estimate_tables import percent_answer
from workbench.viewmodels.pictures import TableCell, TablePicture
from workbench.viewmodels.tables import answer_cell, answer_text, made_table


def bank_states_table(result: StudyResult) -> TablePicture:
    """One row per state of each bank: which racks were there, what they delivered together, and what each had to bear."""
    states = result.estimates.banks if result.estimates else ()

    def row(state: BankState) -> tuple[str, tuple[TableCell | str, ...]]:
        borne = "; ".join(f"{rack} {numbers.number(ampere, 1, 'A')}" for rack, ampere in state.most_a.items())
        beyond = "; ".join(f"{rack} {numbers.duration(3600 * hours)}" for rack, hours in state.beyond_h.items() if hours > 0)
        return f"{state.bank} {' '.join(state.racks)}", (
            state.bank,
            ", ".join(state.racks),
            TableCell(", ".join(state.missing) or "none", "warning" if state.missing else ""),
            str(state.swings),
            answer_cell(state.charge_ah),
            percent_answer(state.over_whole) if state.over_whole is not None else TableCell("whole"),
            borne,
            TableCell(beyond or "none", "bad" if beyond else ""),
        )

    columns = (
        "bank:Bank|racks:Connected|missing:Not connected|swings:Swings::r|charge:Full to empty|whole:Of the whole bank"
        "|most:Largest discharge current|beyond:Beyond its reported limit"
    )
    return made_table(
        "Banks, full to empty", columns, map(row, states), "The first rack at a limit ends the pass for all racks on one bus."
    )


def opened_racks(result: StudyResult) -> tuple[str, ...]:
    """One sentence per state in which racks were missing: capacity before and after, and limits that were then exceeded."""
    states = result.estimates.banks if result.estimates else ()
    return tuple(_sentence(state, states) for state in states if state.missing)


def _sentence(state: BankState, states: tuple[BankState, ...]) -> str:
    whole = next((s for s in states if s.bank == state.bank and not s.missing), None)
    text = f"{state.bank} without {', '.join(state.missing)}: {answer_text(state.charge_ah)} from full to empty"
    if whole is not None and isinstance(state.over_whole, Estimate):
        text += f", with all its racks {answer_text(whole.charge_ah)}; that is {percent_answer(state.over_whole).text} of it"
    beyond = [f"{rack} for {numbers.duration(3600 * hours)}" for rack, hours in state.beyond_h.items() if hours > 0]
    return text + (f". Meanwhile beyond the current its BMS allowed: {', '.join(beyond)}." if beyond else ".")
