"""The evidence package of an open day: everything that is asked for, masked, sealed."""

import json
import zipfile
from io import BytesIO

from core.sdk import OPERATOR, utc_now, verify_evidence
from plugins.open_day.domain.checkin import Scan, ScanKind
from plugins.open_day.followup.evidence import gather
from plugins.open_day.registrations.checkin import CheckInSource, record_event
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import context


def test_the_package_says_what_is_there_and_what_is_missing(app, own, county, day):
    request = RegistrationRequest(name="张小三", phone="13812345678", consent=True)
    made = register(own, day, day.slots[0], request)
    record_event(own, made, Scan("a" * 16, ScanKind.IN, utc_now()), CheckInSource(OPERATOR))
    with app.test_request_context("/990111/"):
        data = gather(context(own, county), day)
    assert verify_evidence(data).faults == ()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        whole = b"".join(archive.read(name) for name in archive.namelist())
    numbers = [entry["path"].partition(" ")[0] for entry in manifest["parts"]]
    assert numbers == ["1", "3", "4", "9"]
    assert len(manifest["missing"]) == 5
    assert "张小三".encode() not in whole
