"""Who may be named as an endpoint, and what the operator sees of those that fail."""

import pytest

from core.errors import Invalid
from core.settings import Settings
from core.testing.webhooks import SECRET, TOPIC, deliver_now
from core.webhooks.delivery import BACKOFF
from core.webhooks.endpoints import WebhookTarget, check_webhook_target
from core.webhooks.outbox import queue_webhook


@pytest.mark.parametrize(
    ("url", "secret", "faults"),
    [
        ("https://oa.example.cn/hook", SECRET, set()),
        ("https://oa.example.cn/hook", "short", {"secret"}),
        ("ftp://oa.example.cn/", SECRET, {"url"}),
        ("https://name:word@oa.example.cn/", SECRET, {"url"}),
        ("https://oa.example.cn:port/", SECRET, {"url"}),
        ("http://127.0.0.1/", SECRET, {"url"}),
        ("http://[fd00::1]/", SECRET, {"url"}),
        ("https://oa.example.cn/" + "x" * 500, "", {"url", "secret"}),
        ("", SECRET, {"url"}),
    ],
)
def test_a_target_is_checked_before_it_is_kept(app, url, secret, faults):
    found = {}
    try:
        check_webhook_target(WebhookTarget(url, secret))
    except Invalid as error:
        found = error.fields
    assert set(found) == faults


def test_an_installation_allows_networks_of_its_own(app):
    app.extensions["gongkai"].webhook_internal_hosts = "10.1.0.0/16"
    check_webhook_target(WebhookTarget("http://10.1.2.3/hook", SECRET))
    with pytest.raises(Invalid):
        check_webhook_target(WebhookTarget("http://10.2.0.1/hook", SECRET))


def test_a_network_that_is_none_is_named_when_the_program_starts(tmp_path):
    with pytest.raises(Invalid, match="networks"):
        Settings(data_dir=tmp_path, webhook_internal_hosts="10.1.0.0/99")


def test_the_operator_sees_what_was_given_up_and_has_it_tried_again(gongkai, own, county, receiver):
    receiver.answers = [503] * BACKOFF.max_attempts
    queue_webhook(own, county, TOPIC, "visit.changed", {"visit": 1})
    own.commit()
    for _ in range(BACKOFF.max_attempts):
        deliver_now()
    doctor = gongkai("doctor", "--json")
    (check,) = [each for each in doctor.json["checks"] if each["name"].startswith("webhook")]
    assert check["name"] == f"webhook {TOPIC} at 990111"
    assert check["ok"]  # a warning: the platform itself works
    assert f"--tenant 990111 --topic {TOPIC}" in check["remedy"]
    assert receiver.url not in str(check)
    (listed,) = gongkai("webhook", "list", "--json").json["endpoints"]
    assert (listed["given_up"], listed["last_error"]) == (1, "HTTP 503")
    words = ("webhook", "retry", "--tenant", "990111", "--topic", TOPIC, "--json")
    assert gongkai(*words).json == {"queued": 1}
    deliver_now()
    assert [each["visit"] for each in receiver.told] == [1]
