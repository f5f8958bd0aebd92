"""Draws icon.png beside this file: two rings, a voice's and a face's, and what they share. Python's own modules only: python3 draw-icon.py."""
import math
import pathlib
import struct
import zlib

SIZE, SAMPLES = 128, 4
BLUE, ORANGE, DARK = (0, 114, 178), (230, 159, 0), (38, 50, 56)  # told apart by colour-blind readers too
LEFT, RIGHT, RADIUS = (48, 64), (80, 64), 36


def colour(x, y):
    """The colour at a point, or None where the picture is clear."""
    in_left = math.dist((x, y), LEFT) <= RADIUS
    in_right = math.dist((x, y), RIGHT) <= RADIUS
    return DARK if in_left and in_right else BLUE if in_left else ORANGE if in_right else None


def pixel(column, row):
    """The mean over a grid of points: smooth edges."""
    step = [(i + 0.5) / SAMPLES for i in range(SAMPLES)]
    hits = [c for dy in step for dx in step if (c := colour(column + dx, row + dy))]
    if not hits:
        return bytes(4)
    mean = [round(sum(c[i] for c in hits) / len(hits)) for i in range(3)]
    return bytes([*mean, round(255 * len(hits) / SAMPLES**2)])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
pathlib.Path(__file__).with_name("icon.png").write_bytes(png)
