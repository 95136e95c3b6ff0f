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
from tests.simulation.seeding import seeded_secrets
from tests.simulation.world import World

CLASS = "7А"
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
        school = world.add_host("school")
        world.add_laptop("class-0", school, CLASS, PUPILS[:2], ())
        world.add_laptop("class-1", school, CLASS, PUPILS[1:], ())
        world.add_laptop("teacher", school, CLASS, (), ("Сәуле",))
        world.add_laptop("home", school, CLASS, PUPILS[:1], ())
        images = tuple(world.take_image(laptop) for laptop in world.laptops)
        world.close()
    return Template(folder, images, tuple(laptop.name for laptop in world.laptops))


def small_school(folder: Path) -> World:
    """Return a world of its own in an empty folder."""
    made = template()
    world = World(folder, Events())
    for name in ("school",):
        shutil.copytree(str(made.folder / name), str(folder / name))
        world.hosts.append(Host(name, folder / name, world.events, new=False))
    for name, image in zip(made.names, made.images):
        laptop = Laptop(name, folder / f"{name}.db", world.events)
        laptop.host = world.hosts[0]
        laptop.become(image)
        world.laptops.append(laptop)
        world.images[name] = image
    for host in world.hosts:
        world.back_up(host)
    return world
