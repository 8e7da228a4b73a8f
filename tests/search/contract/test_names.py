"""Nobody of a publicity list is found, suggested or shown in a snippet, by no engine."""

from core.publishing.body.convert import to_html
from core.publishing.models import Publication
from core.publishing.search.names import findable_file, findable_text, findable_title
from core.search.document import AttachedText
from tests.search.contract.engines import document
from tests.search.invented_names import FILE_NAMES, SHAPES, TITLES, fill_in, invent_names


def test_two_hundred_names_in_twelve_shapes_are_not_found(ask):
    names = invent_names()
    documents = []
    for shape, to_list in SHAPES.items():
        body = "现将低保对象予以公示。\n" + to_list(names)
        list_ = Publication(title=shape, genre="公示", body_html=to_html(body), summary="")
        summary, text = findable_text(list_, names=False)
        pk = len(documents)
        documents.append(document(pk, title=f"公示{pk}", body=text, summary=summary))
    ask.add(*documents)
    assert len(ask("低保对象")) == len(SHAPES)
    for name in names:
        assert ask(name) == [], name
        assert ask.suggested(name[:2]) == [], name


def test_two_hundred_names_in_titles_and_file_names_are_not_found(ask):
    names = invent_names()
    documents = []
    for pk, _name in enumerate(names):
        title = fill_in(TITLES[pk % len(TITLES)], names, pk)
        file = fill_in(FILE_NAMES[pk % len(FILE_NAMES)], names, pk)
        shown = findable_title(Publication(title=title, genre="公示"))
        attached = findable_file(AttachedText(file, f"户主 {file}", f"files/{pk}/{file}"), "page/")
        documents.append(document(pk, title=shown, attachments=(attached,)))
    ask.add(*documents)
    assert ask("公示")
    assert ask("审批表")
    for name in names:
        assert ask(name) == [], name
        assert ask.suggested(name) == [], name
