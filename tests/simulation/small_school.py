"""A school of four laptops that is made once and copied for each example."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple, Tuple

from tests.simulation.events import Events
from tests.simulation.host import Host
from tests.simulation.machine import Image, Laptop
from tests.simulation.network import ARRIVES
from tests.simulation.seeding import seeded_secrets
from tests.simulation.world import World

CLASS = "7А"
HOSTS = ("school", "region")
PUPILS = ("Анна", "Болат", "Дана")


class Template(NamedTuple):
    """Folders of servers and images of laptops, all enrolled and none used yet."""

    folder: Path
    images: Tuple[Image, ...]
    names: Tuple[str, ...]


@functools.lru_cache(maxsize=1)
def template() -> Template:
    folder = Path(tempfile.mkdtemp(prefix="small-school-"))
    atexit.register(shutil.rmtree, str(folder), ignore_errors=True)
    with seeded_secrets(0):
        world = World(folder, Events())
        school, region = (world.add_host(name) for name in HOSTS)
        world.join(school, region)
        world.add_laptop("class-0", school, CLASS, PUPILS[:2], ())
        world.add_laptop("class-1", school, CLASS, PUPILS[1:], ())
        world.add_laptop("teacher", school, CLASS, (), ("Сәуле",))
        _relay(world)
        world.add_laptop("home", region, CLASS, PUPILS[:1], (), school.id)
        _relay(world)
        images = tuple(world.take_image(laptop) for laptop in world.laptops)
        world.close()
    return Template(folder, images, tuple(laptop.name for laptop in world.laptops))


def small_school(folder: Path) -> World:
    """Return a world of its own in an empty folder."""
    made = template()
    world = World(folder, Events())
    for name in HOSTS:
        shutil.copytree(str(made.folder / name), str(folder / name))
        world.hosts.append(Host(name, folder / name, world.events, new=False))
    world.above = {"school": world.hosts[1]}
    for name, image in zip(made.names, made.images):
        laptop = Laptop(name, folder / f"{name}.db", world.events)
        laptop.become(image)
        laptop.host = next(host for host in world.hosts if host.name == image.host.name)
        world.laptops.append(laptop)
        world.take_image(laptop)
    for host in world.hosts:
        world.back_up(host)
    return world


def _relay(world: World) -> None:
    world.relay(world.hosts[0], lambda: ARRIVES, lambda _: None)
