"""Nobody of a publicity list is found, suggested or shown in a snippet, by no engine."""

from core.publishing.body.convert import to_html
from core.publishing.models import Publication
from core.publishing.search.names import findable_text
from tests.search.contract.engines import document
from tests.search.invented_names import SHAPES, invent_names


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
