"""A laptop that meets a newer format says that it must be updated, and keeps what it has."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from client.messages import Messages
from content import catalogue as catalogues
from content import manifest as manifests
from content.patches import media_patch
from content.patches.patch import StoredObject, parse_patch
from content.trust import envelope
from tests.support.pack_source import PACK, noise, write_source

NEWER = ({"format": 2}, {"needs": ["holograms"]})


def resigned(school, data, payload_type, changes):
    """The same envelope with other fields."""
    payload = envelope.verify(data, payload_type, {school.key_id: school.publisher.public.raw})
    values = {**json.loads(payload.payload), **changes}
    return envelope.sign(json.dumps(values).encode(), payload_type, [school.publisher])


def make_catalogue_newer(school, changes):
    path = school.repository.folder / "catalogue"
    path.write_bytes(resigned(school, path.read_bytes(), catalogues.PAYLOAD_TYPE, changes))


def make_manifest_newer(school, changes):
    path = school.repository.manifest_path(PACK, 2)
    data = resigned(school, path.read_bytes(), manifests.PAYLOAD_TYPE, changes)
    path.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    catalogue = school.repository.folder / "catalogue"
    known = school.repository.catalogue(school.repository.trusted_keys())
    (entry,) = json.loads(known.to_bytes())["packs"]
    entry.update({"manifest_sha256": sha256, "manifest_size_bytes": len(data)})
    changed = resigned(school, catalogue.read_bytes(), catalogues.PAYLOAD_TYPE, {"packs": [entry]})
    catalogue.write_bytes(changed)


@pytest.mark.parametrize("make_newer", [make_catalogue_newer, make_manifest_newer])
@pytest.mark.parametrize("changes", NEWER, ids=str)
def test_what_is_here_stays_and_the_reason_is_said(joined, school, make_newer, changes):
    school.publish()
    assert joined.sync().set_aside == ()
    titles = [card.title for card in joined.lessons()]
    school.publish(version=2, note="Жаңа сөйлем.")
    make_newer(school, changes)
    for _ in range(2):
        (problem,) = joined.sync().set_aside
        assert problem.code == "format-unknown"
        for language, word in (("kk", "жаңарт"), ("ru", "обновите"), ("en", "update")):
            assert word in Messages(language).text(problem.sentence).lower()
        assert joined.pack(PACK).version == 1
        assert joined.pack(PACK).task("meaning", "check").points == 6
        assert [card.title for card in joined.lessons()] == titles
    # As soon as the school has what this laptop understands, it goes on.
    school.publish(version=3, note="Тағы бір сөйлем.")
    assert joined.sync().set_aside == ()
    assert joined.pack(PACK).version == 3


def test_a_newer_media_patch_costs_the_video_whole(joined, school):
    content = noise("film", 1_500_000)
    for version, film in ((1, content), (2, content[300_000:])):
        place = school.folder / "sources" / f"{PACK}-{version}"
        write_source(place, PACK, version, video_bytes=0)
        (place / "lessons" / "meaning" / "video.mp4").write_bytes(film)
        school.publish_folder(place)
        if version == 1:
            joined.sync()
    patch = parse_patch(school.repository.patch_bytes(PACK, 1, 2), "It")
    (media,) = patch.media
    packed = bytearray(school.repository.object_path(media.objects[0].sha256).read_bytes())
    packed[len(media_patch.MAGIC)] += 1
    sha256 = hashlib.sha256(packed).hexdigest()
    school.repository.write_object(sha256, [bytes(packed)])
    newer = replace(media, objects=(StoredObject(sha256, len(packed)),))
    school.repository.write_patch(PACK, 1, 2, replace(patch, media=(newer,)).to_bytes())
    assert joined.sync().set_aside == ()
    assert joined.pack(PACK).lesson("meaning").video.path.read_bytes() == content[300_000:]
    assert not any((joined._library.folder / ".parts").iterdir())
