"""What a person is told of letters that cannot be printed."""

import msgspec
from builders.site import record

from workbench.workflow.session import Session
from workbench.workflow.unprinted import unprinted


def test_plain_and_printable_letters_need_no_words_and_others_do(small_site, tmp_path):
    import shutil

    project = shutil.copytree(small_site.project, tmp_path / "small.bessreview")
    with Session.open(project, author="Rita Example") as session:
        record(session)
        window = session.windows()[-1]
        document = session.document
        assert unprinted(document, window) == ""
        greek = msgspec.structs.replace(document, scope=msgspec.structs.replace(document.scope, client="Ωmega Łódź"))
        assert unprinted(greek, window) == ""
        strange = msgspec.structs.replace(document, scope=msgspec.structs.replace(document.scope, client="電池"))
        assert "U+6C60, U+96FB" in unprinted(strange, window)
        assert unprinted(strange, None) == "", "before a window is imported there is nothing to print"
