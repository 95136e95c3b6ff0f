from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sync_server.app import create_app
from tests.support.asgi import AsgiClient
from tests.support.device import TestDevice
from tests.support.server import open_school

SECRET_NAME = "Айгерім Сәрсен"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "server"


@pytest.fixture
def device(root):
    with open_school(root) as school:
        device = TestDevice()
        device.enrol(school.road(), str(school.code([SECRET_NAME]).code), "Laptop of Aigerim")
    yield device
    device.close()


@pytest.fixture
def app(root, device):
    client = AsgiClient(create_app(root))
    yield client
    client.close()


def numbers(app):
    """All samples by name and labels."""
    answer = app.request("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def test_what_happens_is_counted(app, device):
    device.hand_in(device.person(SECRET_NAME))
    answer = app.request("POST", "/exchange", device.seal(device.request()))
    app.request("POST", "/exchange", b"garbage")
    app.request("GET", "/nowhere")
    found = numbers(app)
    assert found["keruen_http_requests_total", "200", "POST", "exchange"] == 1
    assert found["keruen_http_requests_total", "400", "POST", "exchange"] == 1
    assert found["keruen_http_requests_total", "404", "GET", "other"] == 1
    assert found["keruen_http_sent_bytes_total", "exchange"] > len(answer.body)
    assert found["keruen_exchange_duration_seconds_count",] == 2
    assert found["keruen_group_size_sum",] == 2
    assert found["keruen_held", "records"] == 2
    assert found["keruen_held", "devices"] == 1
    assert found["keruen_waiting_exchanges",] == 0
    assert found["keruen_room_taken_ratio",] == 0


def test_nobody_is_named(app, device, root):
    device.hand_in(device.person(SECRET_NAME))
    app.request("POST", "/exchange", device.seal(device.request()))
    text = app.request("GET", "/metrics").body.decode()
    for secret in (SECRET_NAME, "Aigerim", device.id, device.people[0].id, "7А"):
        assert secret not in text


def test_strangers_cannot_add_names(app):
    def visit(number):
        app.request(f"X{number}", f"/path{number}")
        app.request("GET", f"/repository/{number}/x")
        return set(numbers(app))

    visit(0)
    before = visit(1)
    assert visit(2) == before


def test_two_applications_do_not_share_numbers(app, root, device):
    app.request("GET", "/healthz")
    other = AsgiClient(create_app(root))
    assert ("keruen_http_requests_total", "200", "GET", "healthz") not in numbers(other)
    other.close()


def test_a_bug_counts_as_500(app, device, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("sync_server.exchanges.exchanges.collect_mail", broken)
    with pytest.raises(ZeroDivisionError):
        app.request("POST", "/exchange", device.seal(device.request()))
    assert numbers(app)["keruen_http_requests_total", "500", "POST", "exchange"] == 1
