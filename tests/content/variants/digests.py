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

ALL_10000: Mapping[str, Tuple[int, str]] = {
    "bank": (
        10000,
        "4bb65c7b8b46bf329c1fb6aff7f677422874b94686667e2376de3fcd73a4663b",
    ),
    "fractions": (
        528,
        "cab2a58634bc3c947eaa5bb9607a6fa12a9e59012a6a0e9cf67c55496a43c541",
    ),
    "function": (
        2533,
        "fb72003245b65ab48c3aade05ebc1b630c60c014a339b6ec931813ac2831cb93",
    ),
    "linear": (
        7576,
        "efd02f4c3fe0cbe4b0a2e75b0f207dd843bc2edd3897e469710e3022ad15aa2d",
    ),
    "motion": (
        7092,
        "49805ef5b3c24065a7a8933289802eea093b71cfb46869d17da4f117bed350a7",
    ),
    "percent": (
        6010,
        "d8e551db992b5fa34b405d3bc5e79473b0e24eb0992d258bc1a8f81fcfb4ddd8",
    ),
    "quadratic": (
        3252,
        "c2bfbbc7204aaa3e40aea16deb5c055cbd07e7c7fd1a92eec56be4f4dd224c16",
    ),
}
