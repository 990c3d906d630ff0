"""Small files of people: read as TOML, refused where no person wrote them."""

import pytest

from workbench.workflow import toml_file
from workbench.workflow.toml_file import read_toml


def test_reads(tmp_path):
    (tmp_path / "a.toml").write_text("a = 1\n[b]\nc = 'ü'\n", encoding="utf-8")
    assert read_toml(tmp_path / "a.toml") == {"a": 1, "b": {"c": "ü"}}


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"a = ", "Invalid"), (b"a = '\xff'", "codec"), (b"a = " + b"[" * 50_000, "nested"), (b"#" * (toml_file.MOST_BYTES + 1), "larger")],
)
def test_refuses(tmp_path, data, what):
    (tmp_path / "a.toml").write_bytes(data)
    with pytest.raises(ValueError, match=what):
        read_toml(tmp_path / "a.toml")


def test_a_missing_file_is_the_systems_word(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_toml(tmp_path / "a.toml")
