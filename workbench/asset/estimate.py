"""A number with its interval and method, or the reason why there is none."""

from __future__ import annotations

from workbench.asset.plain import Fact


class Estimate(Fact, frozen=True, tag="estimate"):
    """value with a 95 % interval [low, high] in `unit`, found by `method` (name and version) under `condition`."""

    value: float
    low: float
    high: float
    unit: str
    method: str
    condition: str = ""
    samples: int = 0


class NotEstablished(Fact, frozen=True, tag="not_established"):
    """There is no number: `reason` is a stable code, `why` a sentence, `settles` the cheapest test that would give one."""

    reason: str
    why: str
    settles: str = ""


Answer = Estimate | NotEstablished


def answers_json(value: object) -> object:
    """Built-in values of any facts (see `plain`) with every answer inside in the shape of `answer_json`."""
    if isinstance(value, dict):
        kind = value.get("type")
        if kind == "estimate":
            return {name: part for name, part in value.items() if name != "type"}
        if kind == "not_established":
            return {"not_established": value["reason"], "why": value["why"], "settles": value.get("settles", "")}
        return {name: answers_json(part) for name, part in value.items()}
    return [answers_json(part) for part in value] if isinstance(value, list | tuple) else value


def answer_json(answer: Answer) -> dict[str, object]:
    """The shape every `--json` output uses for an answer (design.md section 6)."""
    if isinstance(answer, NotEstablished):
        return {"not_established": answer.reason, "why": answer.why, "settles": answer.settles}
    return {
        "value": answer.value,
        "low": answer.low,
        "high": answer.high,
        "unit": answer.unit,
        "method": answer.method,
        "condition": answer.condition,
    }
