"""The map as SVG, worked out on the server: bubbles in their places, classes of colour, names, scale. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 960
LEAST_HEIGHT, MOST_HEIGHT = 420, 720
MARGIN = 48
CLASSES = 5
KM_A_DEGREE = 111.32
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Frame:
    """The part of the earth that is drawn; `scale` are pixels a degree of latitude."""

    north: float
    west: float
    scale: float
    squeeze: float
    """A degree of longitude in degrees of latitude."""
    left: float
    top: float
    height: int

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """The pixel of a place."""
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether it lies inside."""
        x, y = self.at(lat, lon)
        return 0 <= x <= WIDTH and 0 <= y <= self.height


def frame(south: float, west: float, north: float, east: float) -> Frame:
    """The frame around these edges (degrees), in the middle of the drawing; a single place gets some room around it."""
    squeeze = max(0.05, math.cos(math.radians((south + north) / 2)))
    tall, wide = max(north - south, 0.004), max((east - west) * squeeze, 0.004)
    room = WIDTH - 2 * MARGIN
    height = int(min(MOST_HEIGHT, max(LEAST_HEIGHT, room * tall / wide + 2 * MARGIN)))
    scale = min(room / wide, (height - 2 * MARGIN) / tall)
    left, top = (WIDTH - (east - west) * squeeze * scale) / 2, (height - (north - south) * scale) / 2
    return Frame(north, west, scale, squeeze, left, top, height)


def bounds(values: Sequence[float]) -> list[float]:
    """The upper bounds of at most five classes, rising, so that each holds about as many values; none without values."""
    distinct = sorted(set(values))
    if len(distinct) <= CLASSES:
        return distinct
    whole = sorted(values)
    cuts = [whole[math.ceil(len(whole) * share / CLASSES) - 1] for share in range(1, CLASSES + 1)]
    return sorted({*cuts, distinct[-1]})


def class_of(value: float, limits: Sequence[float]) -> int:
    """1 lowest … 5 highest; a few classes are spread over the five colours."""
    place = next((number for number, limit in enumerate(limits) if value <= limit), len(limits) - 1)
    return CLASSES if len(limits) == 1 else 1 + round(place * (CLASSES - 1) / (len(limits) - 1))


def radius(count: int, most: int, widest: float) -> float:
    """Of a bubble whose area stands for the count; never too small to be hit."""
    return round(max(5.0, widest * math.sqrt(count / most)), 1) if most else 5.0


def scale_bar(shape: Frame) -> tuple[float, float]:
    """(kilometres, pixels) of a bar of a round length, at most a fifth of the width."""
    fits = [one for one in _STEPS if one / KM_A_DEGREE * shape.scale <= WIDTH / 5]
    km = fits[-1] if fits else _STEPS[0]
    return km, round(km / KM_A_DEGREE * shape.scale, 1)


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
LETTER, LINE = 15.0, 20.0
"""Pixels a Chinese letter of a name is wide, and a line is high."""


def box_of(x: float, y: float, name: str) -> Box:
    """The room a name takes whose line stands at `y`, its middle at `x`."""
    half = sum(LETTER if ord(sign) > 0x2E7F else LETTER * 0.56 for sign in name) / 2
    return x - half, y - LINE * 0.8, x + half, y + LINE * 0.25


def room_for(x: float, y: float, name: str, taken: Sequence[Box], r: float = 0.0) -> tuple[float, float]:
    """Where to write the name of a place (with a bubble of radius `r` on it): there, beside it, or the nearest free room
    around; at its place when there is none."""
    for at in _around(x, y, name, r):
        box = box_of(*at, name)
        if box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and not any(_meet(box, one) for one in taken):
            return round(at[0], 1), round(at[1], 1)
    return x, y


def _around(x: float, y: float, name: str, r: float) -> Iterator[tuple[float, float]]:
    left, top, right, bottom = box_of(0, 0, name)
    yield x, y + LINE * 0.3
    yield x, y - r - bottom - 2
    yield x, y + r - top + 2
    yield x + r - left + 4, y + LINE * 0.3
    yield x - r - right - 4, y + LINE * 0.3
    for far in (28, 42, 58, 76):
        for turn in (-90, 90, -45, -135, 45, 135, 0, 180):
            rad = math.radians(turn)
            yield x + 1.5 * far * math.cos(rad), y + far * math.sin(rad) + LINE * 0.3


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
