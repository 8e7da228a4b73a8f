"""A thousand composed lists and texts: nothing personal is missed, little else is found (N30)."""

import json

from core.privacy.domain.scanning import mask_text, scan_text
from tests.privacy.composing import Composer

SIZE = 1000
LEAST_PRECISION = 0.98


def test_composed_lists_and_texts(capsys):
    expected = found = right = 0
    missed, wrong = [], []
    for seed in range(SIZE):
        composer = Composer(seed)
        composed = composer.table() if seed % 2 else composer.text()
        spans = set(composed.spans)
        findings = scan_text(composed.text)
        reached = {span for span in spans if any(covers(each, span) for each in findings)}
        hits = [each for each in findings if any(overlaps(each, span) for span in spans)]
        missed += [(seed, composed.text[start:end]) for start, end in spans - reached]
        wrong += [(seed, each.text, each.kind.value) for each in findings if each not in hits]
        expected, found, right = expected + len(spans), found + len(findings), right + len(hits)
    with capsys.disabled():
        figures = f"recall {1 - len(missed) / expected:.4f}, precision {right / found:.4f}"
        print(f"\n{SIZE} composed lists and texts, {expected} spans: {figures}")
    assert missed == []
    assert right / found >= LEAST_PRECISION, wrong[:20]


def test_composed_documents_lose_every_span_and_keep_what_they_must(shared_data):
    lines = (shared_data / "docs" / "docs.jsonl").read_text("utf-8").splitlines()
    for document in map(json.loads, lines):
        body = document["body"]
        masked = mask_text(body, scan_text(body))
        assert [number for number in document["pii"] if number in masked] == []
        kept = [number for number in document["must_keep"] if number in body]
        assert [number for number in kept if number not in masked] == []


def covers(finding, span):
    return finding.start <= span[0] and span[1] <= finding.end


def overlaps(finding, span):
    return finding.start < span[1] and span[0] < finding.end
