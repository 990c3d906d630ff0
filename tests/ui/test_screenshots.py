"""Pictures of every stage."""

from PySide6.QtGui import QImage

from workbench.ui import screenshots
from workbench.ui.rail import STAGES


def test_every_stage_is_shot_and_none_is_blank(project, tmp_path, capsys):
    assert screenshots.main([str(tmp_path / "shots"), "--project", str(project), "--theme", "light", "--size", "1200x760"]) == 0
    made = {p.name for p in (tmp_path / "shots").glob("*.png")}
    assert {f"{i}-{name.lower()}-light.png" for i, (name, _) in enumerate(STAGES, 1)} <= made
    assert "0-start-light.png" in made
    for name in made:
        image = QImage(str(tmp_path / "shots" / name))
        assert (image.width(), image.height()) == (1200, 760)
        assert len({image.pixelColor(x, y).name() for x in range(0, 1200, 40) for y in range(0, 760, 40)}) > 3, name
