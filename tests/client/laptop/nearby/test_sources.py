from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from tests.support.packs import KEY, build_sample
from tests.support.server import School, running_server
from tests.support.web import Reply, serving


def test_addresses_are_kept_and_a_bad_one_changes_nothing(joined):
    joined.sources.use(["192.168.1.7:8000", "https://mirror.kz/keruen/", "192.168.1.7:8000"])
    expected = ("http://192.168.1.7:8000", "https://mirror.kz/keruen")
    assert joined.sources.addresses == expected
    with pytest.raises(LaptopError) as caught:
        joined.sources.use(["http://"])
    assert caught.value.code == "address-invalid"
    assert joined.sources.addresses == expected
    joined.sources.use([])
    assert joined.sources.addresses == ()


def test_a_source_that_lies_is_named_and_lessons_come_all_the_same(tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    pytest.importorskip("starlette")
    school = School(tmp_path / "server")
    build_sample(tmp_path)

    school.publish(tmp_path / "repository", KEY.public.key_id)

    def portal(_):
        return Reply(200, b"<html>log in</html>", {"Content-Type": "text/html"})

    with running_server(tmp_path / "server") as address, serving(portal) as liar:
        laptop = Laptop.open(tmp_path / "laptop")
        laptop.enrol(address, str(school.code(students=["Айгерім Т."]).code))
        laptop.sources.use([liar.address])
        account = laptop.sync()
        assert account.problem is None
        assert account.packs_installed
        asked = bool(liar.requests)
        found = [(one.subject, one.code) for one in account.set_aside]
        assert found == ([(f"http://{liar.address}", "link-captive")] if asked else [])
        laptop.close()
    school.close()
