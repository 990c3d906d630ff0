"""The second pass over a drawn report: structure tree, metadata, output intent, attachments, signature fields. reportlab draws, pikepdf adds.

The result is meant to be PDF/A-3a and PDF/UA-1; a structural test holds its parts (security.md 1.2 says what a real validator is for).
"""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

from workbench.report.contents import Attachment
from workbench.report.sheet import Element, Sheet
from workbench.viewmodels import numbers

Box = tuple[float, float, float, float]
FIELDS = (("ReviewerSig", "Signature of the reviewer"), ("PrincipalSig", "Signature of the principal"))

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language><xmp:CreatorTool>{tool}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{tool}</pdf:Producer><pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>part of PDF/UA</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def finished(
    drawn: bytes,
    sheet: Sheet,
    title: str,
    author: str,
    tool: str,
    prepared_ns: int,
    attachments: tuple[Attachment, ...],
    boxes: tuple[Box, Box] | tuple[()],
) -> bytes:
    """The complete PDF, with a signature field in each box. Same input, same bytes."""
    pdf = pikepdf.open(io.BytesIO(drawn))
    root, pages = pdf.Root, [page.obj for page in pdf.pages]
    parents: dict[int, list[Any]] = {index: [None] * len(owners) for index, owners in sheet.marks.items()}
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = _convert(pdf, sheet.root, tree, pages, parents)
    tree.K = Array([document])
    nums = Array()
    for index, page in enumerate(pages):
        page.StructParents = index
        page.Tabs = Name.S
        nums.extend([index, pdf.make_indirect(Array(parents.get(index, [])))])
    if boxes:
        _fields(pdf, document, pages[-1], boxes, nums, len(pages))
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=nums))
    tree.ParentTreeNextKey = len(pages) + len(boxes)
    tree.RoleMap = Dictionary(Aside=Name.Sect)
    root.StructTreeRoot = tree
    root.MarkInfo = Dictionary(Marked=True)
    root.Lang = String("en-GB")
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    _output_intent(pdf)
    when = numbers.moment(prepared_ns)
    _attach(pdf, attachments, f"D:{when:%Y%m%d%H%M%S}+00'00'")
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    stamp = String(f"D:{when:%Y%m%d%H%M%S}+00'00'")
    for key, value in (("/Title", title), ("/Author", author), ("/Producer", tool), ("/Creator", tool)):
        pdf.docinfo[key] = String(value)
    pdf.docinfo["/CreationDate"], pdf.docinfo["/ModDate"] = stamp, stamp
    xmp = XMP.format(title=escape(title), author=escape(author), tool=escape(tool), date=f"{when:%Y-%m-%dT%H:%M:%S}+00:00")
    root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    out = io.BytesIO()
    pdf.save(
        out, deterministic_id=True, force_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False
    )
    return out.getvalue()


def _convert(pdf: pikepdf.Pdf, element: Element, parent: Any, pages: list[Any], parents: dict[int, list[Any]]) -> Any:
    node = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + element.kind), P=parent))
    attributes = element.attributes
    if attributes.get("alt"):
        node.Alt = String(attributes["alt"])
    if attributes.get("box"):
        node.A = Dictionary(O=Name.Layout, BBox=Array([round(v, 2) for v in attributes["box"]]), Placement=Name.Block)
    if attributes.get("scope"):
        node.A = Dictionary(O=Name.Table, Scope=Name("/" + attributes["scope"]))
    if attributes.get("summary"):
        node.A = Dictionary(O=Name.Table, Summary=String(attributes["summary"]))
    kids = Array()
    for kid in element.kids:
        if isinstance(kid, tuple):
            page, number = kid
            kids.append(Dictionary(Type=Name.MCR, Pg=pages[page], MCID=number))
            parents[page][number] = node
        elif kid.kids:
            kids.append(_convert(pdf, kid, node, pages, parents))
    node.K = kids
    return node


def _fields(pdf: pikepdf.Pdf, document: Any, page: Any, boxes: tuple[Box, Box], nums: Any, key: int) -> None:
    """Both signature fields must exist before the first signature: then every additional one is an illegal change."""
    fields, annotations = Array(), Array()
    for number, ((name, words), box) in enumerate(zip(FIELDS, boxes, strict=True)):
        widget = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(name), TU=String(words), Contents=String(words), F=132,
                Rect=Array([round(v, 2) for v in box]), P=page, StructParent=key + number,
            )
        )  # fmt: skip
        if name == "PrincipalSig":
            widget.Lock = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1))
        size = Array([0, 0, round(box[2] - box[0], 2), round(box[3] - box[1], 2)])
        widget.AP = Dictionary(N=pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=size))
        form = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Alt=String(words), K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page))
        )
        document.K.append(form)
        nums.extend([key + number, form])
        fields.append(widget)
        annotations.append(widget)
    page.Annots = annotations
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields, SigFlags=1))


def _output_intent(pdf: pikepdf.Pdf) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36], profile[84:100] = bytes([7, 234, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]), bytes(16)  # no date and no id: same bytes every time
    stream = pdf.make_stream(bytes(profile), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB"), Info=String("sRGB"), DestOutputProfile=stream
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _attach(pdf: pikepdf.Pdf, attachments: tuple[Attachment, ...], date: str) -> None:
    associated, names = Array(), Array()
    for one in sorted(attachments, key=lambda a: a.name):
        stream = pdf.make_stream(
            one.data, Type=Name.EmbeddedFile, Subtype=Name("/" + one.mime), Params=Dictionary(Size=len(one.data), ModDate=String(date))
        )
        spec = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec, F=String(one.name), UF=String(one.name), Desc=String(one.description), AFRelationship=Name("/" + one.relationship),
                EF=Dictionary(F=stream, UF=stream),
            )
        )  # fmt: skip
        associated.append(spec)
        names.extend([String(one.name), spec])
    pdf.Root.AF = associated
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
