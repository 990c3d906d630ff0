"""What ordinary viewers call valid, these rules refuse: the attack table of security.md 1.5 on a really sealed report."""

import datetime as dt
import io
import random
import re

import pikepdf
import pytest
from builders.site import SECRET
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from workbench.errors import Reason, SigningError
from workbench.report.pdf import stamp
from workbench.review.roles import Role
from workbench.signing import identity, manifest, seal
from workbench.signing.verify import Outcome, manifest_of, verify


@pytest.fixture(scope="module")
def trust(issued_site):
    return identity.load_trust(issued_site.firm)


def test_the_sealed_report_is_valid_and_says_who_signed(issued_site, trust):
    made = verify(issued_site.pdf, trust)
    assert made.outcome is Outcome.VALID
    assert made.first_failure is None
    assert [(s.name, s.role) for s in made.signers] == [("Rita Example", "reviewer"), ("Paul Example", "principal")]
    assert made.root_fingerprint == trust.fingerprint
    assert made.manifest.predicate.reviewer == "Rita Example"
    assert len(made.rules) >= 15


def test_a_recipient_with_only_the_pdf_learns_that_the_issuer_was_not_checked(issued_site, trust):
    made = verify(issued_site.pdf, None)
    assert made.outcome is Outcome.INTACT
    assert made.root_fingerprint == trust.fingerprint


def update(pdf, act):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    act(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stream(data, **keys):
    return generic.StreamObject(generic.DictionaryObject({name(f"/{k}"): v for k, v in keys.items()}), stream_data=data)


def page(writer):
    return writer.find_page_for_modification(0)[0].get_object()


def annotate(writer):
    rectangle = generic.ArrayObject(map(generic.FloatObject, (50, 655, 520, 715)))
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Rect"): rectangle,
            name("/Contents"): generic.pdf_string("Sufficient."),
        }
    )
    page(writer)["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page(writer))


def replace_page(writer):
    page(writer)["/Contents"] = writer.add_object(stream(b"BT ET"))
    writer.update_container(page(writer))


def override(writer):
    reference = page(writer).raw_get("/Contents")
    while isinstance(reference, generic.ArrayObject):
        reference = reference.raw_get(0)
    writer.objects[(reference.generation, reference.idnum)] = stream(b"1 0 0 rg 100 100 300 300 re f")


def files(writer):
    return writer.root["/Names"]["/EmbeddedFiles"]["/Names"]


def swap_attachment(writer):
    index = next(i for i in range(0, len(files(writer)), 2) if str(files(writer)[i]) != manifest.FILE_NAME)
    reference = files(writer)[index + 1]["/EF"].raw_get("/F")
    writer.objects[(reference.generation, reference.idnum)] = stream(b"rack,soh\nR01,0.99\n", Type=name("/EmbeddedFile"))


def add_attachment(writer):
    inner = writer.add_object(stream(b"x", Type=name("/EmbeddedFile")))
    spec = {
        "/Type": name("/Filespec"),
        "/F": generic.pdf_string("zz.csv"),
        "/UF": generic.pdf_string("zz.csv"),
        "/EF": generic.DictionaryObject({name("/F"): inner}),
    }
    listed = files(writer)
    listed.append(generic.pdf_string("zz.csv"))
    listed.append(writer.add_object(generic.DictionaryObject({name(k): v for k, v in spec.items()})))
    writer.update_container(writer.root["/Names"]["/EmbeddedFiles"])


def replace_words(writer):
    reference = writer.root.raw_get("/Metadata")
    writer.objects[(reference.generation, reference.idnum)] = stream(b"<x/>", Type=name("/Metadata"), Subtype=name("/XML"))


def strip_permissions(writer):
    writer.root.pop("/Perms", None)
    writer.update_root()


UPDATES = [annotate, replace_page, override, swap_attachment, add_attachment, replace_words, strip_permissions]


@pytest.mark.parametrize("attack", UPDATES, ids=lambda a: a.__name__)
def test_every_later_change_is_refused(issued_site, trust, attack):
    assert verify(update(issued_site.pdf, attack), trust).outcome is Outcome.INVALID


def ends(pdf):
    return [m.end() for m in re.finditer(rb"%%EOF\r?\n?", pdf)]


def flip(pdf):
    changed = bytearray(pdf)
    changed[pdf.find(b"stream", 2000) + 40] ^= 1
    return bytes(changed)


def zero_range(pdf):
    found = list(re.finditer(rb"/ByteRange\s*\[[^\]]+\]", pdf))[-1]
    return pdf[: found.start()] + b"/ByteRange [0 0 0 0]".ljust(found.end() - found.start()) + pdf[found.end() :]


def pad_signature(pdf):
    found = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]+)>", pdf))[-1]
    changed = bytearray(pdf)
    changed[found.end() - 20] = ord("1")
    return bytes(changed)


def rewrite(pdf):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out)
    return out.getvalue()


RAW = {
    "a bit flipped in a page": flip, "bytes after the end": lambda pdf: pdf + b"\n% garbage\n", "cut back to the rendering": lambda pdf: pdf[: ends(pdf)[0]],
    "cut back to the reviewer": lambda pdf: pdf[: ends(pdf)[-2]], "zeroed byte range": zero_range, "signature taken out": lambda pdf: pdf.replace(b"/Contents <", b"/Contentz <"),
    "padding beside the signature": pad_signature, "full rewrite": rewrite, "cut in the middle": lambda pdf: pdf[: len(pdf) // 2], "empty": lambda pdf: b"", "text": lambda pdf: b"hello",
    "a picture": lambda pdf: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
}  # fmt: skip


@pytest.mark.parametrize("attack", RAW)
def test_damage_and_truncation_are_refused(issued_site, trust, attack):
    made = verify(RAW[attack](issued_site.pdf), trust)
    assert made.outcome is Outcome.INVALID
    assert made.first_failure.sentence


def test_random_flips_are_always_found(issued_site, trust):
    chance = random.Random(5)
    for _ in range(16):
        changed = bytearray(issued_site.pdf)
        place = chance.randrange(len(changed))
        changed[place] ^= 1 << chance.randrange(8)
        assert verify(bytes(changed), trust).outcome is Outcome.INVALID, place


@pytest.fixture(scope="module")
def reviewed(issued_site):
    """The report as the reviewer handed it over."""
    return issued_site.pdf[: ends(issued_site.pdf)[-2]]


def signed_again(reviewed, folder, firm, who, *, clock=None, trust=None):
    key = seal.StampKey(identity.stamping_key(firm, SECRET), clock)
    trust = trust or identity.load_trust(firm)
    return seal._signed(reviewed, who, key, trust, stamp("x", "Principal", "now"), certify=False)


def test_a_reviewers_key_in_the_principals_field_is_refused(reviewed, issued_site, trust, credentials, monkeypatch, tmp_path):
    path = identity.create_identity(issued_site.firm, "Rob Example", Role.REVIEWER, SECRET, SECRET, tmp_path / "rob.p12")
    who = identity.load_identity(path, SECRET)
    monkeypatch.setitem(seal.FIELDS, Role.REVIEWER, "PrincipalSig")
    forged = signed_again(reviewed, tmp_path, issued_site.firm, who)
    monkeypatch.undo()
    made = verify(forged, trust)
    assert made.outcome is Outcome.INVALID
    assert any(not rule.passed and rule.id == "principal-role" for rule in made.rules)


def test_one_person_cannot_sign_twice(reviewed, issued_site, trust, tmp_path):
    path = identity.create_identity(issued_site.firm, "Rita Example", Role.PRINCIPAL, SECRET, SECRET, tmp_path / "rita2.p12")
    made = verify(signed_again(reviewed, tmp_path, issued_site.firm, identity.load_identity(path, SECRET)), trust)
    assert made.first_failure.id == "two-people"


def test_a_clock_in_the_future_is_refused(reviewed, issued_site, trust, credentials, tmp_path):
    who = identity.load_identity(credentials[1].identity, SECRET)
    future = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
    made = verify(signed_again(reviewed, tmp_path, issued_site.firm, who, clock=future), trust)
    assert made.outcome is Outcome.INVALID
    assert any(not rule.passed and rule.id == "principal-clock" for rule in made.rules)


def test_a_look_alike_firm_is_refused(reviewed, trust, tmp_path):
    other = identity.create_firm(tmp_path / "firm", "Engineers", SECRET)
    path = identity.create_identity(tmp_path / "firm", "Paul Example", Role.PRINCIPAL, SECRET, SECRET, tmp_path / "p.p12")
    made = verify(signed_again(reviewed, tmp_path, tmp_path / "firm", identity.load_identity(path, SECRET), trust=other), trust)
    assert made.outcome is Outcome.INVALID


def test_another_firms_root_does_not_vouch(issued_site, tmp_path):
    other = identity.create_firm(tmp_path / "firm", "Engineers", SECRET)
    assert verify(issued_site.pdf, other).outcome is Outcome.INVALID


def test_a_page_painted_before_signing_differs_from_the_rendering(issued_site, trust):
    genuine = verify(issued_site.pdf, trust).first_revision_sha256
    assert verify(issued_site.pdf, trust, expected_first_revision=genuine).outcome is Outcome.VALID
    made = verify(issued_site.pdf, trust, expected_first_revision="0" * 64)
    assert made.first_failure.id == "rendering"


def test_the_manifest_covers_window_and_extracts(issued_site):
    names = {s.name.split("/")[0] for s in manifest_of(issued_site.pdf).subject}
    assert {"window", "extracts"} <= names


@pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_report_has_no_manifest(pdf):
    with pytest.raises(SigningError) as caught:
        manifest_of(pdf)
    assert caught.value.reason is Reason.NOT_A_REPORT
