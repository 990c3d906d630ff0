"""Pictures made again, with their seals."""

from builders.site import record

from workbench.jobs.progress import Progress
from workbench.ui.evidence_view import EvidenceView
from workbench.ui.widgets import Card, Chip, Facts


def test_each_picture_has_a_card_with_its_digests(session, shown):
    record(session)
    evidence = session.document.findings[0].evidence
    view = EvidenceView()
    view.show_pictures(tuple((e, session.evidence_picture(e, Progress())) for e in evidence))
    pixels = shown(view, 600, 900)
    assert len(view.findChildren(Card)) == 2
    assert all(chip._text == "unchanged" for chip in view.findChildren(Chip))
    texts = " ".join(facts.accessibleName() for facts in view.findChildren(Facts))
    for one in evidence:
        assert one.picture_sha256[:4].upper() in texts
    assert len({tuple(p) for p in pixels[::20, ::20].reshape(-1, 3)}) > 5


def test_none_and_on_their_way(session, shown):
    view = EvidenceView()
    shown(view)
    view.begin(())
    assert view.findChildren(Card) == []
