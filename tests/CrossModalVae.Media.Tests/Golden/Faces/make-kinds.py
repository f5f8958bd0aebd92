"""Face files of rare kinds, and what Pillow makes of them: JPEG of unusual samplings, RGB, CMYK and YCCK; PNG of every kind.

For each picture: NAME.rgb, [height, width, 3] bytes at full size; of the JPEG files also NAME.23x23.grey.u8 and NAME.23x23.rgb.u8,
[planes, height, width], resized by BILINEAR, and of some NAME.SCALE.rgb.draft, decoded at 1/SCALE.
Run in this folder with Debian 12's python3 (3.11; Pillow 9.4.0, numpy 1.24) and cjpeg of libjpeg-turbo 2.1.5 on the PATH.
"""
import io
import struct
import subprocess
import tempfile
import zlib

import numpy as np
from PIL import Image

rng = np.random.default_rng(20240401)


def photo(width, height):
    def field(slope):
        f = np.hypot(np.fft.fftfreq(128)[:, None], np.fft.fftfreq(128)[None])
        f[0, 0] = 1
        spectrum = np.fft.fft2(rng.standard_normal((128, 128))) / f**slope
        spectrum[0, 0] = 0
        values = np.fft.ifft2(spectrum).real[:height, :width]
        return (values - values.mean()) / values.std()

    luma, u, v = 120 + 45 * field(1.6), 20 * field(1.8), 20 * field(1.8)
    return np.stack([luma + 1.4 * v, luma - 0.34 * u - 0.71 * v, luma + 1.77 * u], -1).clip(0, 255).astype(np.uint8)


def cjpeg(name, pixels, *options):
    header = f"P6 {pixels.shape[1]} {pixels.shape[0]} 255\n".encode()
    subprocess.run(["cjpeg", "-quality", "92", *options, "-outfile", name], input=header + pixels.tobytes(), check=True)


def write(image, name):
    pixels = np.asarray(image)
    np.ascontiguousarray(pixels if pixels.ndim == 2 else pixels.transpose(2, 0, 1)).tofile(name)


def results(name, scales=()):
    image = Image.open(f"{name}.jpg").convert("RGB")
    np.asarray(image).tofile(f"{name}.rgb")
    for mode, planes in (("L", "grey"), ("RGB", "rgb")):
        write(image.convert(mode).resize((23, 23), Image.BILINEAR), f"{name}.23x23.{planes}.u8")
    for scale in scales:
        scaled = Image.open(f"{name}.jpg")
        scaled.draft("RGB", (64 // scale, 48 // scale))
        assert scaled.size == (64 // scale, 48 // scale)
        write(scaled, f"{name}.{scale}.rgb.draft")


scans = tempfile.NamedTemporaryFile("w", suffix=".txt")
scans.write("0;\n1;\n2;\n")
scans.flush()
KINDS = {
    "sampodd": ["-sample", "2x2,1x2,2x1"],
    "samp411": ["-sample", "4x1,1x1,1x1"],
    "samp410": ["-sample", "4x2,1x1,1x1"],
    "samp441": ["-sample", "1x4,1x1,1x1"],
    "samp311": ["-sample", "3x1,1x1,1x1"],
    "sampluma": ["-sample", "1x1,2x2,2x2"],
    "sampmixed": ["-sample", "2x1,1x2,1x1"],
    "sampprogressive": ["-progressive", "-sample", "2x2,1x2,2x1"],
    "samprestart": ["-restart", "1B", "-sample", "2x2,1x2,2x1"],
    "scans": ["-scans", scans.name, "-sample", "2x2"],
    "grey2x2": ["-grayscale", "-sample", "2x2"],
    "rgb444": ["-rgb"],
    "rgb420": ["-rgb", "-sample", "2x2"],
    "rgbprogressive": ["-rgb", "-progressive"],
}
for name, options in KINDS.items():
    cjpeg(f"{name}.jpg", photo(45, 35), *options)
    results(name)
for name in ("sampodd", "samp411", "rgb420"):
    cjpeg(f"{name}64.jpg", photo(64, 48), *KINDS[name])
    results(f"{name}64", scales=(2, 4, 8))

# Two samples for three pixels: no libjpeg reads or writes it. Three grey files make its scans; samples are repeated, colours are those of
# jdcolor.c.
def grey_jpeg(plane):
    buffer = io.BytesIO()
    Image.fromarray(plane).save(buffer, "JPEG", quality=92)
    data = buffer.getvalue()
    segments, at = {}, 2
    while data[at + 1] != 0xDA:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segments.setdefault(data[at + 1], b"")
        segments[data[at + 1]] += data[at : at + length]
        at += length
    at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return segments, data[at:-2], np.asarray(Image.open(io.BytesIO(data))).astype(int)


ycc = np.asarray(Image.fromarray(photo(45, 35)).convert("YCbCr"))
planes = [ycc[:, :, 0], ycc[:, ::3, 1].repeat(2, 1), ycc[:, ::3, 2]]
parts = [grey_jpeg(np.ascontiguousarray(plane)) for plane in planes]
frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 35, 45, 3) + bytes([1, 0x31, 0, 2, 0x21, 0, 3, 0x11, 0])
jpeg = b"\xff\xd8" + parts[0][0][0xE0] + parts[0][0][0xDB] + frame + parts[0][0][0xC4]
for component, (segments, data, plane) in enumerate(parts):
    assert segments[0xC4] == parts[0][0][0xC4]
    jpeg += b"\xff\xda" + bytes([0, 8, 1, component + 1, 0, 0, 63, 0]) + data
open("fractional.jpg", "wb").write(jpeg + b"\xff\xd9")
y, cb, cr = (part[2][:, np.arange(45) * factor // 3] for part, factor in zip(parts, (3, 2, 1)))
cb, cr, half = cb - 128, cr - 128, 1 << 15
rgb = [y + ((91881 * cr + half) >> 16), y + ((-22554 * cb - 46802 * cr + half) >> 16), y + ((116130 * cb + half) >> 16)]
np.stack(rgb, -1).clip(0, 255).astype(np.uint8).tofile("fractional.rgb")

for name, options in {"cmyk444": {}, "cmyk420": dict(subsampling=2), "cmykprogressive": dict(progressive=True)}.items():
    Image.fromarray(photo(45, 35)).convert("CMYK").save(f"{name}.jpg", quality=92, **options)
    results(name)
inks = np.concatenate([photo(45, 35), photo(45, 35)[:, :, :1]], -1)  # black where no conversion from RGB has any
buffer = io.BytesIO()
Image.fromarray(inks, "CMYK").save(buffer, "JPEG", quality=92)
jpeg = bytearray(buffer.getvalue())
open("cmykblack.jpg", "wb").write(jpeg)
results("cmykblack")
adobe = jpeg.index(b"Adobe")
jpeg[adobe + 11] = 2  # the transform: the same bytes as luma, chroma and black
open("ycck.jpg", "wb").write(jpeg)
results("ycck")
del jpeg[adobe - 4 : adobe + 12]  # no marker at all
open("cmykplain.jpg", "wb").write(jpeg)
results("cmykplain")


# PNG, row by row with every filter, interlaced or not.
def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, step):
    out, before = bytearray(), None
    for y, row in enumerate(rows):
        kind = y % 5
        before = before or bytes(len(row))
        out.append(kind)
        for x, value in enumerate(row):
            left, up = (row[x - step] if x >= step else 0), before[x]
            corner = before[x - step] if x >= step else 0
            out.append((value - [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]) & 255)
        before = row
    return bytes(out)


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
for colour, depth in [(colour, depth) for colour in DEPTHS for depth in DEPTHS[colour]]:
    for interlaced in (0, 1):
        width, height, channels = 19, 13, CHANNELS[colour]
        samples = rng.integers(0, 1 << depth, (height, width, channels))
        data = b""
        for left, top, right, down in ADAM7 if interlaced else [(0, 0, 1, 1)]:
            part = samples[top::down, left::right]
            rows = []
            for line in part:
                bits = "".join(format(value, f"0{depth}b") for value in line.reshape(-1))
                bits += "0" * (-len(bits) % 8)
                rows.append(int(bits, 2).to_bytes(len(bits) // 8, "big"))
            data += filtered(rows, max(1, channels * depth // 8))
        palette = rng.integers(0, 256, (1 << depth, 3), dtype=np.uint8) if colour == 3 else None
        name = f"png{colour}-{depth}{'i' if interlaced else ''}"
        with open(f"{name}.png", "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)))
            if palette is not None:
                file.write(chunk(b"PLTE", palette.tobytes()))
            file.write(chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))
        image = Image.open(f"{name}.png")
        if colour == 0 and depth == 16:  # Pillow's convert would clip at 255
            pixels = np.repeat((np.asarray(image).astype(int) >> 8).astype(np.uint8)[:, :, None], 3, 2)
        else:
            pixels = np.asarray(image.convert("RGB"))
        pixels.tofile(f"{name}.rgb")
