"""The design record as a form."""

from workbench.asset.nameplate import DesignRecord, ProbePlace, SiteMeter
from workbench.ui.design_form import DesignForm

DESIGN = DesignRecord(
    chemistry="LFP", rated_capacity_ah=280.125, current_gain_accuracy=0.0031, source="sheet", sources={"rated_capacity_ah": "plate"},
    site_meters=(SiteMeter(id="M1", boundary="AC", accuracy=0.002, source="certificate"),), probe_map=(ProbePlace(probe=1, cells=(1, 2), rack="R01"),),
)  # fmt: skip


def test_the_form_round_trips(qtbot):
    form = DesignForm()
    qtbot.addWidget(form)
    form.show_design(DESIGN)
    assert not form.touched
    assert form.design() == DESIGN
    form.meters.setPlainText("")
    assert form.touched
    assert form.design().site_meters == ()


def test_every_field_has_a_name_for_a_screen_reader(qtbot):
    form = DesignForm()
    qtbot.addWidget(form)
    fields = [*form.values.values(), *form.sources.values(), form.source, form.meters, form.probes]
    names = [field.accessibleName() for field in fields]
    assert all(names)
    assert len(set(names)) == len(names)
