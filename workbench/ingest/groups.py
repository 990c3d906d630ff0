"""Which files belong together? Those of one header; a file of the whole plant apart from the files of racks whose column names it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from workbench.ingest import file_titles, tags
from workbench.ingest import sources as tables
from workbench.ingest.csv_source import Layout, Member

LeftOut = tuple[Member, str]  # a file that is not read, and why
PLANT_FILE = "plant-file"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Members that share one header. layouts: of the first few of them; a plant of thousands of files must not wait in memory.

    renamed: what columns are called here that have another meaning in other files.
    """

    layout: Layout
    members: tuple[Member, ...]
    layouts: Mapping[Member, Layout] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def layout_of(self, member: Member) -> Layout:
        """How a member is laid out: as it was recognised, or looked at again."""
        return self.layouts.get(member) or _renamed(tables.layout(member, self.layout), self.renamed)


def all_columns(groups: list[Group]) -> list[str]:
    """Every column name of every group, in order, once."""
    return list(dict.fromkeys(name for group in groups for name in group.layout.header))


def plants_apart(groups: list[Group]) -> list[Group]:
    """Groups in which files that name no rack and hold no cells, beside files of racks with the very same names, have names of their own.

    Without that, the sum of all racks would be a second truth of the first one.
    """
    of_racks = {name for group in groups if any(tags.rack_of_file(member.name) for member in group.members) for name in group.layout.header}
    result: list[Group] = []
    for group in groups:
        shared = [name for name in group.layout.header if name in of_racks and tags.parse(name).kind != "time"]
        cells = any(tags.parse(name).kind == "cell" for name in group.layout.header)
        plant = [member for member in group.members if not tags.rack_of_file(member.name)]
        if cells or not shared or not plant or group.layout.shape != "plain" or any(tags.parse(name).rack for name in shared):
            result.append(group)
            continue
        rest = tuple(member for member in group.members if member not in plant)
        if rest:
            result.append(replace(group, members=rest))
        for title in dict.fromkeys(map(_title, plant)):
            members = tuple(member for member in plant if _title(member) == title)
            names = {name: f"{title}/Bank {name}" for name in shared}
            layouts = {member: _renamed(form, names) for member, form in group.layouts.items() if member in members}
            result.append(Group(_renamed(group.layout, names), members, layouts, names))
    return result


def _title(member: Member) -> str:
    """What a file is called, without its day."""
    stem = PurePosixPath(member.inner or member.path.name).stem
    return file_titles.without_day(stem) or stem


def _renamed(form: Layout, names: Mapping[str, str]) -> Layout:
    if not names:
        return form
    text = "names no rack and holds no cells, beside files of racks with the same column names: read as those of the bank"
    return replace(form, header=tuple(names.get(name, name) for name in form.header), notes=(*form.notes, (PLANT_FILE, text)))
