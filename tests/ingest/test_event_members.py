"""Alarm logs beside the telemetry: found by their heads and texts, read with the site's clock, listed where they are odd."""

from datetime import timedelta

import pytest
from builders.exports import START, Table, read, rules

from workbench.ingest import csv_source, event_members
from workbench.ingest.csv_source import Member
from workbench.ingest.event_members import element_name, lane_of, roles, severity_of
from workbench.ingest.recognition import inspect
from workbench.jobs.progress import Progress

NS = 10**9


def at(seconds, pattern="%Y-%m-%d %H:%M:%S"):
    return (START + timedelta(seconds=seconds)).strftime(pattern)


def site(tmp_path, log, name="alarms.csv"):
    Table(rows=240).write(tmp_path / "R01.csv")
    (tmp_path / name).write_text(log)
    return tmp_path


def events(facts, *lanes):
    begin = facts.start_ns
    return [
        (e.lane, (e.start_ns - begin) // NS, (e.end_ns - begin) // NS, e.element, e.code, e.severity, e.canonical, e.latched)
        for e in facts.events
        if e.lane in (lanes or ("alarm", "protection", "contactor", "balancing"))
    ]


def test_start_and_end(tmp_path):
    log = f"""Start time;End time;Device;Alarm code;Description;Level;Latched
{at(100)};{at(160)};Rack 1;A12;Cell over-voltage;warning;0
{at(50)};{at(900)};Rack 2/Module 3/Cell 5;A13;Cell under-voltage alarm;critical;1
{at(300)};;BMS1_R03;A20;Main contactor welded;fault;no
"""
    facts, _ = read(site(tmp_path, log))
    assert events(facts) == [
        ("alarm", 50, 900, "R02 · M3 · C005", "A13", "bad", "UNDER_VOLT_ALARM", True),
        ("alarm", 100, 160, "R01", "A12", "warning", "OVER_VOLT_WARNING", False),
        ("alarm", 300, 900, "R03", "A20", "bad", "CONTACTOR_ERROR", False),
    ]
    assert {"event-unclosed", "event-zone-assumed", "event-unsorted"} <= rules(facts)


def test_raised_and_cleared_newest_first(tmp_path):
    log = f"""Time,State,Code,Message,Rack
{at(500)},cleared,7,Emergency stop pressed,1
{at(400)},raised,7,Emergency stop pressed,1
{at(300)},cleared,9,Container door open,2
"""
    facts, _ = read(site(tmp_path, log))
    assert events(facts) == [
        ("alarm", 300, 300, "R02", "9", "warning", "OPEN_DOOR_ERROR", False),
        ("protection", 400, 500, "R01", "7", "bad", "", False),
    ]
    assert "event-cleared-only" in rules(facts)
    assert "event-unsorted" not in rules(facts)


def test_times_and_codes(tmp_path):
    log = f"Timestamp;Event;Source\n{at(10)};Balancing active;R01\n{at(20)};Contactor closed;R01\nsoon;Fan error;R01\n{at(30)};;R01\n"
    log += "".join(f"{at(100 + i)};Fan error;R02\n" for i in range(12))
    facts, _ = read(site(tmp_path, log))
    assert [(e[0], e[1], e[2]) for e in events(facts, "balancing", "contactor")] == [("balancing", 10, 10), ("contactor", 20, 20)]
    assert next(r for r in facts.repairs if r.rule == "event-row-rejected").count == 2
    assert all("no end" in e.text for e in facts.events if e.lane != "gap")


def test_a_log_in_epoch_and_telemetry_in_local_time(tmp_path):
    begin = int((START - timedelta(hours=1)).timestamp())  # Berlin in winter
    log = f"raised_at,cleared_at,alarm\n{begin + 60},{begin + 90},Fan error\n"
    facts, _ = read(site(tmp_path, log), time_zone="Europe/Berlin")
    assert [(e[1], e[2]) for e in events(facts)] == [(60, 90)]
    assert "event-zone-assumed" not in rules(facts)


def test_a_log_without_a_zone_is_read_as_the_telemetry_is(tmp_path):
    log = f"start,end,alarm text\n{at(60)},{at(90)},Fan error\n"
    facts, _ = read(site(tmp_path, log), time_zone="Europe/Berlin")
    assert [(e[1], e[2]) for e in events(facts)] == [(60, 90)]


def test_what_lies_outside_the_telemetry_is_counted(tmp_path):
    log = f"start,end,alarm text\n{at(-900)},{at(-800)},Fan error\n{at(-900)},{at(20)},Door open\n{at(90_000)},{at(90_001)},Fan error\n"
    facts, _ = read(site(tmp_path, log))
    assert [e[1:3] for e in events(facts)] == [(-900, 20)]
    assert next(r for r in facts.repairs if r.rule == "event-outside").count == 2


def test_the_proposal_names_the_log(tmp_path):
    log = f"start,end,alarm text\n{at(60)},{at(90)},Fan error\n"
    found = inspect([site(tmp_path, log)], Progress())
    assert ("Event log", "alarms.csv: start and end", "good") in found.facts
    assert not any("left out" in warning for warning in found.warnings)


def form_of(tmp_path, text):
    (tmp_path / "x.csv").write_text(text)
    return csv_source.layout(Member(tmp_path / "x.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "Time,CellV001_mV,Alarm text\n2026-03-02 08:00:00,3300,none\n2026-03-02 08:00:10,3301,none\n",
        "Time,Fan_rpm,Pump_rpm\n2026-03-02 08:00:00,5,6\n2026-03-02 08:00:10,5,7\n",
        "Time,Alarm_code\n2026-03-02 08:00:00,0\n2026-03-02 08:00:10,4\n",
        "Name,Message\nPump,ok\nFan,ok\n",
        "seconds,message\n1,a\n2,b\n3,c\n",
    ],
)
def test_what_is_no_log_is_left_to_others(tmp_path, text):
    assert roles(form_of(tmp_path, text)) is None


def test_the_log_of_one_rack_speaks_of_that_rack(tmp_path):
    log = f"start,end,alarm text\n{at(60)},{at(90)},Fan error\n"
    facts, _ = read(site(tmp_path, log, "R04_alarms.csv"))
    assert [e[3] for e in events(facts)] == ["R04"]


@pytest.mark.parametrize(
    ("text", "head", "file", "name"),
    [
        ("Rack 3", "Device", 0, "R03"),
        ("3", "Rack", 0, "R03"),
        ("3", "Device", 0, "3"),
        ("", "Device", 0, "site"),
        ("", "Device", 5, "R05"),
        ("PCS 2", "Device", 5, "PCS 2"),
        ("Cell 12", "Element", 5, "R05 · C012"),
    ],
)
def test_elements(text, head, file, name):
    assert element_name(text, head, file) == name


def test_words_of_severity_and_lane():
    assert [severity_of(t) for t in ("Critical", "Warning", "Info", "3", "")] == ["bad", "warning", "info", "", ""]
    assert [lane_of(t) for t in ("Interlock open", "Rack protection trip", "Contactor opened", "Balancing", "Fan error")] == [
        "protection", "protection", "contactor", "balancing", "alarm",
    ]  # fmt: skip


def test_more_events_than_a_timeline_can_use(tmp_path, monkeypatch):
    monkeypatch.setattr(event_members, "MOST_EVENTS", 3)
    log = "time,event text\n" + "".join(f"{at(i)},Fan error\n" for i in range(10))
    facts, _ = read(site(tmp_path, log))
    assert len(events(facts)) == 3
    assert next(r for r in facts.repairs if r.rule == "event-left-out").count == 7
