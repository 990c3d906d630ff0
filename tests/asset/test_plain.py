"""Equal values give equal bytes, and bytes give the value back."""

import msgspec
import pytest
from builders.reviews import SCOPE
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.asset.plain import AT_ONCE, Fact, canonical, digest, plain, revive, revive_plain
from workbench.asset.provenance import Repair, SourceFile
from workbench.asset.scope import Scope

TEXT = st.text(max_size=40)
REPAIRS = st.builds(Repair, rule=TEXT, place=TEXT, count=st.integers(0, 2**40), detail=TEXT, evidence=TEXT, first=TEXT)


@given(REPAIRS)
@settings(max_examples=50)
def test_round_trip(repair):
    assert revive(canonical(repair), Repair) == repair
    assert revive_plain(plain(repair), Repair) == repair


@given(st.dictionaries(TEXT, st.integers(-(2**53), 2**53)))
@settings(max_examples=50)
def test_the_order_of_keys_does_not_change_the_bytes(values):
    assert canonical(values) == canonical(dict(reversed(list(values.items()))))


def test_the_digest_is_sha256_of_the_bytes():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    "data", [b"{", b'{"name":"a"}', b'{"name":"a","size_bytes":"x","sha256":""}', b'{"name":"a","size_bytes":1,"sha256":"","more":1}']
)
def test_what_does_not_fit_is_refused_with_a_reason(data):
    with pytest.raises(ValueError, match=r"\w"):
        revive(data, SourceFile)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=50)
def test_a_number_comes_back_to_the_last_bit(value):
    assert revive(canonical(value), float).hex() == value.hex()


def test_another_value_has_another_digest():
    one = Repair(rule="sign", place="a.csv, I", count=3, detail="reversed")
    assert digest(one) == digest(Repair(rule="sign", place="a.csv, I", count=3, detail="reversed"))
    assert digest(one) != digest(Repair(rule="sign", place="a.csv, I", count=4, detail="reversed"))


@pytest.mark.parametrize("data", [b"\xff", b'{"name":"\xff"', '"\ud800"', b""])
def test_bytes_that_are_no_text_are_a_value_error_too(data):
    with pytest.raises(ValueError, match=r"\w"):
        revive(data, SourceFile)


def test_a_fault_is_named_by_its_place():
    with pytest.raises(ValueError, match=r"\$\.design\.rated_capacity_ah"):
        revive_plain({"client": "c", "mandate": "warranty", "question": "q", "design": {"rated_capacity_ah": "much"}}, Scope)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_json_cannot_hold_is_refused_by_its_place_instead_of_turning_into_nothing(number):
    claims = [{"id": "C1", "text": "a", "value": 0.5}, {"id": "C2", "text": "b", "value": number}]
    with pytest.raises(ValueError, match=r"\$\.claims\[1\]\.value"):
        revive_plain({**plain(SCOPE), "claims": claims}, Scope)


@pytest.mark.parametrize("data", [[], "text", 5, None, {"name": "a", "size_bytes": 1, "sha256": "", "more": 1}])
def test_what_is_no_table_of_these_fields_is_refused(data):
    with pytest.raises(ValueError, match=r"Expected|unknown"):
        revive_plain(data, SourceFile)


def every_fact(kind=Fact):
    return {kind}.union(*(every_fact(below) for below in kind.__subclasses__()))


def test_every_kind_of_fact_is_frozen_and_refuses_unknown_fields():
    kinds = every_fact()
    assert {Fact, Repair, SourceFile, Scope} <= kinds
    loose = [kind.__name__ for kind in kinds if not (kind.__struct_config__.frozen and kind.__struct_config__.forbid_unknown_fields)]
    assert loose == []


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"claims":' * 100_000, b'{"design":{"source":' + b"[" * 100_000])
def test_no_depth_of_a_file_ends_the_program(data):
    for kind in (Scope, object):
        with pytest.raises(ValueError, match=r"nested|Expected|unknown|truncated"):
            revive(data, kind)


def test_nor_does_the_depth_of_a_table():
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    with pytest.raises(ValueError, match=r"nested|unknown"):
        revive_plain(deep, Scope)


class Leaf(Fact, frozen=True):
    """A value with a choice of types."""

    name: str
    values: tuple[float, ...]
    other: int | str | None = None


class Tree(Fact, frozen=True):
    """Parts within parts."""

    title: str
    leaves: tuple[Leaf, ...]
    inner: "Tree | None" = None
    named: dict[str, Leaf] = {}
    pairs: tuple[tuple[int, ...], ...] = ()


LEAVES = st.builds(
    Leaf,
    name=TEXT,
    values=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=9).map(tuple),
    other=st.none() | st.integers(0, 9) | TEXT,
)
TREES = st.recursive(
    st.builds(Tree, title=TEXT, leaves=st.lists(LEAVES, max_size=6).map(tuple)),
    lambda inner: st.builds(
        Tree,
        title=TEXT,
        leaves=st.lists(LEAVES, max_size=6).map(tuple),
        inner=inner,
        named=st.dictionaries(TEXT, LEAVES, max_size=3),
        pairs=st.lists(st.lists(st.integers(0, 9), max_size=9).map(tuple), max_size=9).map(tuple),
    ),
    max_leaves=3,
)


@given(TREES, st.sampled_from([0, 20, 60, 300]))
@settings(max_examples=100)
def test_in_pieces_it_is_the_same_value(tree, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.asset.plain.AT_ONCE", at_once)
        assert revive(canonical(tree), Tree) == tree
        assert revive(canonical(tree).decode(), Tree) == tree


@pytest.mark.parametrize("spoilt", [{"leaves": [{"name": "a", "values": [1.0, "x"]}]}, {"more": 1}, {"leaves": 3}, {"title": None}])
def test_in_pieces_a_fault_is_named_with_its_place(monkeypatch, spoilt):
    data = canonical({"title": "t" * 50, "leaves": []} | spoilt)
    with pytest.raises(ValueError, match=r"\w") as whole:
        revive(data, Tree)
    monkeypatch.setattr("workbench.asset.plain.AT_ONCE", 8)
    with pytest.raises(ValueError, match=r"\w") as pieces:
        revive(data, Tree)
    assert str(pieces.value) == str(whole.value)


def test_no_single_call_decodes_a_large_value(monkeypatch):
    """Python's lock is held during a call: each is short, whatever the value is."""
    tree = Tree(title="", leaves=tuple(Leaf(name=f"cell {i}", values=(1.0, 2.5) * 20) for i in range(5000)))
    sizes = []
    real = msgspec.json.decode

    def watched(data, **kind):
        if kind["type"] not in (list[msgspec.Raw], dict[str, msgspec.Raw]):
            sizes.append(len(bytes(data)))
        return real(data, **kind)

    monkeypatch.setattr(msgspec.json, "decode", watched)
    assert revive(canonical(tree), Tree) == tree
    assert len(sizes) > 10
    assert max(sizes) < 2 * AT_ONCE
