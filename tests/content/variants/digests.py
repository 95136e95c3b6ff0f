"""What instances of the samples are, once and for all: (distinct, digest over all)."""

from __future__ import annotations

from typing import Mapping, Tuple

FIRST_200: Mapping[str, Tuple[int, str]] = {
    "bank": (
        200,
        "c8701673173ccc8a3d67f8d2cb87ad7708831b1cdc0e86ffe99ff3267442c272",
    ),
    "fractions": (
        177,
        "f4792c4fa6dd56d7ff91278433b16f25e837c802714bebb6c26873f610a3c682",
    ),
    "function": (
        192,
        "b6504c24a1c65bcd0285709838cbdf53b7985cafd087f93e42ebdadfd5bbbffd",
    ),
    "linear": (
        199,
        "067db1483a0ef88903a3f31ea6067209966500a053ae6c3b6fd94459cd3b3edd",
    ),
    "motion": (
        199,
        "70709b0da43e822a57c1a96fdcdd5b0d3c6798bdd90239bb3edfbe0c7813d91f",
    ),
    "percent": (
        200,
        "cce4f50b115d010a455f5064294b3a6ba4bd1e7ef21d5f819599deb243988141",
    ),
    "quadratic": (
        198,
        "3bbf34d92ca0317bdc29737b81bf2043ae8f009f28d133d7b270021b3f8a3f88",
    ),
}
