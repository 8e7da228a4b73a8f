"""Evidence packages: built from parts, the same bytes for the same parts, verified."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from core.evidence.domain.package import (
    COVER,
    DIGESTS,
    MANIFEST,
    SEAL,
    EvidencePart,
    MissingPart,
    place_parts,
    to_safe_name,
    write_package,
)
from core.evidence.domain.verification import PackageFault, check_package
from core.evidence.service import build_evidence, list_package_faults, verify_evidence

MADE = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
PARTS = (
    EvidencePart("公告.html", b"<p>1</p>", "公告", origin="索引号 1-1"),
    EvidencePart("现场.jpg", b"\xff\xd8one", "照片<1>", folder="照片", origin="办公室拍摄"),
    EvidencePart("现场.jpg", b"\xff\xd8two", "照片", folder="照片"),
)


def seal(manifest):
    return hashlib.sha256(b"key" + manifest).hexdigest()


names = st.text(st.sampled_from('甲乙aA1. /\\:*?"<>|\x00\n'), max_size=12)
parts = st.lists(
    st.builds(
        EvidencePart,
        name=st.one_of(names, st.sampled_from([MANIFEST, "con.txt", COVER.upper(), "x" * 200])),
        data=st.binary(max_size=50),
        title=names,
        folder=st.sampled_from(["", "1 公告", "照片"]),
    ),
    max_size=8,
)


@given(parts)
def test_every_part_is_there_with_its_digest(given_parts):
    data = write_package({}, place_parts(given_parts), [], b"cover", seal)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        found = archive.namelist()
        assert len({name.lower() for name in found}) == len(found) == len(given_parts) + 4
        sums = archive.read(DIGESTS).decode().splitlines()
        for entry, part in zip(manifest["parts"], given_parts, strict=True):
            stored = archive.read(entry["path"])
            assert stored == part.data
            assert entry["bytes"] == len(part.data)
            assert entry["sha256"] == hashlib.sha256(stored).hexdigest()
            assert f"{entry['sha256']}  {entry['path']}" in sums
    assert check_package(data, seal).is_whole


@given(parts)
def test_the_same_parts_give_the_same_bytes(given_parts):
    first, second = (
        write_package({"a": 1}, place_parts(given_parts), [], b"cover", seal) for _ in range(2)
    )
    assert first == second


@given(st.text(max_size=200))
def test_names_can_be_unpacked_everywhere(name):
    safe = to_safe_name(name)
    assert 0 < len(safe) <= 92
    assert safe not in {".", ".."}
    assert not set(safe) & set('/\\:*?"<>|\x00\n')
    assert safe == to_safe_name(safe) or safe.startswith("_")


def test_names_of_devices_are_avoided():
    assert to_safe_name("CON.txt") == "_CON.txt"


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def package(app, tree):
    with app.test_request_context("/"):
        yield build_evidence(
            tree.county, "开放日材料", PARTS, made_at=MADE,
            missing=[MissingPart("会议纪要", "没有形成")], facts={"主题": "阳光<审批>"},
        )  # fmt: skip


def test_a_package_is_verified(package):
    report = verify_evidence(package)
    assert report.is_whole
    assert list_package_faults(report) == []
    assert report.manifest["title"] == "开放日材料"
    assert report.manifest["made"] == "2026-09-01T10:00:00+08:00"
    assert [part["origin"] for part in report.manifest["parts"]] == ["索引号 1-1", "办公室拍摄", ""]


def test_the_cover_can_be_printed_and_fetches_nothing(package):
    files = unpacked(package)
    cover = html.document_fromstring(files[COVER].decode())
    text = " ".join(cover.text_content().split())
    assert "阳光<审批>" in text
    assert "照片<1>" in text
    assert "会议纪要: 没有形成" in text
    assert "2026-09-01 10:00" in text
    assert not cover.xpath("//script|//img|//link|//*[@src]")
    paths = {part["path"] for part in verify_evidence(package).manifest["parts"]}
    assert len(cover.xpath("//a/@href")) == len(paths) == 3


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda files: files | {"照片/现场.jpg": b"\xff\xd8six"}, PackageFault.CHANGED),
        (lambda files: {n: d for n, d in files.items() if n != "公告.html"}, PackageFault.MISSING),
        (lambda files: files | {"更多.txt": b"x"}, PackageFault.NOT_LISTED),
        (lambda files: files | {SEAL: b"0" * 64}, PackageFault.NOT_SEALED),
        (
            lambda files: files | {MANIFEST: files[MANIFEST].replace("公告".encode(), b"x", 1)},
            PackageFault.NOT_SEALED,
        ),
        (lambda files: files | {MANIFEST: b"{}"}, PackageFault.NO_MANIFEST),
        (lambda files: {n: d for n, d in files.items() if n != MANIFEST}, PackageFault.NO_MANIFEST),
    ],
)
def test_what_was_changed_is_found(package, change, fault):
    report = verify_evidence(packed(change(unpacked(package))))
    assert not report.is_whole
    assert fault in {found for _path, found in report.faults}
    assert all(words for _path, words in list_package_faults(report))


@given(st.binary(max_size=200))
def test_whatever_is_no_package_is_told_and_not_raised(data):
    assert check_package(data, seal).faults == (("", PackageFault.NO_PACKAGE),)


def test_a_damaged_package_is_told_and_not_raised(package):
    for place in range(0, len(package), 97):
        broken = bytearray(package)
        broken[place] ^= 0xFF
        report = verify_evidence(bytes(broken))
        assert isinstance(report.faults, tuple)
