"""Makes the PNG files of every colour type and depth in this folder, with the RGB values they show (name.rgb, [3, 5, 3] bytes).

Written against the PNG specification alone (2nd edition), with the five filters in turn; Pillow checks each file it can read.
Run with Debian 12's python3 (3.11; Pillow 9.4.0) in this folder.
"""
import io
import struct
import zlib

from PIL import Image

W, H = 5, 3
KINDS = {  # name: (colour type, bit depth, samples a pixel, interlaced)
    "grey1": (0, 1, 1, 0), "grey2": (0, 2, 1, 0), "grey4": (0, 4, 1, 0), "grey8": (0, 8, 1, 0), "grey16": (0, 16, 1, 0),
    "rgb8": (2, 8, 3, 0), "rgb16": (2, 16, 3, 0), "palette4": (3, 4, 1, 0), "greyalpha8": (4, 8, 2, 0), "rgba8": (6, 8, 4, 0),
    "adam7": (2, 8, 3, 1),
}
PALETTE = bytes((37 * i + 11 * c) % 256 for i in range(16) for c in range(3))
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pack(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    bits = "".join(format(s, f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(kind, row, above, step):
    out = []
    for i, v in enumerate(row):
        a = row[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        out.append((v - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) % 256)
    return bytes([kind] + out)


for number, (name, (colour, depth, count, interlaced)) in enumerate(KINDS.items()):
    top = (1 << depth) - 1
    value = lambda x, y, s: (x * 7919 + y * 104729 + s * 1299709 + number * 15485863) % (top + 1)
    raw, kind = b"", number
    for x0, y0, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        xs, ys = range(x0, W, dx), range(y0, H, dy)
        if not xs or not ys:
            continue
        step = max(1, count * depth // 8)
        above = bytes(len(pack([0] * (len(xs) * count), depth)))
        for y in ys:
            row = pack([value(x, y, s) for x in xs for s in range(count)], depth)
            raw += filtered(kind % 5, row, above, step)
            above, kind = row, kind + 1

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, colour, 0, 0, interlaced))
    png += chunk(b"PLTE", PALETTE) if colour == 3 else b""
    data = zlib.compress(raw)
    png += chunk(b"IDAT", data[:7]) + chunk(b"IDAT", data[7:]) + chunk(b"IEND", b"")
    open(name + ".png", "wb").write(png)

    shown = bytearray()
    for y in range(H):
        for x in range(W):
            if colour == 3:
                shown += PALETTE[3 * value(x, y, 0):][:3]
            else:
                samples = [value(x, y, s) for s in range(count)][:3 if colour in (2, 6) else 1]
                level = [(s * 255 * 2 + top) // (2 * top) if depth == 16 else s * 255 // top for s in samples]
                shown += bytes(level if len(level) == 3 else level * 3)
    open(name + ".rgb", "wb").write(shown)

    read = Image.open(io.BytesIO(png))
    read.load()
    if depth != 16:  # Pillow keeps the top byte of 16-bit colour, the specification rounds
        assert read.convert("RGB" if read.mode != "RGBA" else "RGBA").convert("RGB").tobytes() == bytes(shown), name
