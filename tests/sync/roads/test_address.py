from __future__ import annotations

import pytest

from sync.errors import EnrolmentError
from sync.roads.address import server_address


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("192.168.1.5:8765", "http://192.168.1.5:8765"),
        (" school.local ", "http://school.local"),
        ("http://school.local/keruen/", "http://school.local/keruen"),
        ("https://keruen.kz", "https://keruen.kz"),
        ("мектеп.қаз:80", "http://мектеп.қаз:80"),
        ("[::1]:8765", "http://[::1]:8765"),
        ("http://school/?x=1#y", "http://school"),
    ],
)
def test_addresses(typed: str, url: str) -> None:
    assert server_address(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://",
        "ftp://school",
        "file:///etc/passwd",
        "school:99999",
        "school:x",
        "school:0",
        "a b",
        "http://user:pass@school",
        "[::1",
        "school\\x",
    ],
)
def test_what_is_no_address_is_told(typed: str) -> None:
    with pytest.raises(EnrolmentError) as caught:
        server_address(typed)
    assert caught.value.code == "address-invalid"
