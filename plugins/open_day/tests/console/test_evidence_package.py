"""The evidence package as a file."""

import hashlib
import json
import zipfile
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.followup.evidence import DIGESTS, MANIFEST, Missing, Part, package, safe_name

parts = st.lists(
    st.builds(
        Part,
        folder=st.sampled_from(["", "1 公告", "照片"]),
        name=st.text(max_size=30),
        data=st.binary(max_size=50),
        title=st.text(max_size=10),
    ),
    max_size=8,
)


@given(parts)
def test_every_part_is_there_with_its_digest(given_parts):
    with zipfile.ZipFile(BytesIO(package({"event": "开放日"}, given_parts, []))) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        names = archive.namelist()
        assert len({name.lower() for name in names}) == len(names) == len(given_parts) + 2
        for entry, part in zip(manifest["parts"], given_parts, strict=True):
            data = archive.read(entry["path"])
            assert data == part.data
            assert entry["sha256"] == hashlib.sha256(data).hexdigest()
            assert f"{entry['sha256']}  {entry['path']}\n" in archive.read(DIGESTS).decode()


@given(parts)
def test_the_same_parts_give_the_same_bytes(given_parts):
    assert package({}, given_parts, []) == package({}, given_parts, [])


@given(st.text(max_size=200))
def test_names_can_be_unpacked_everywhere(name):
    safe = safe_name(name)
    assert safe
    assert len(safe) <= 91
    assert safe not in {".", ".."}
    assert not set(safe) & set('/\\:*?"<>|\x00\n')


def test_what_is_missing_is_said():
    made = package({}, [], [Missing("现场照片", "没有上传照片")])
    with zipfile.ZipFile(BytesIO(made)) as archive:
        told = json.loads(archive.read(MANIFEST))["missing"]
    assert told == [{"title": "现场照片", "reason": "没有上传照片"}]
