"""Face frames in Python: what `cmvae-bench faces` is compared with.

    face_pictures.py --way pillow|opencv|opencv-processes --case 23|112 --list FILES.txt --processes P [--probe]

Reads jpg files and makes float32 planes in [0, 1] of each, 23 x 23 grey or 112 x 112 RGB. Written as one would for speed: Pillow's draft and OpenCV's
IMREAD_REDUCED_* decode at the smallest scale that is not below the wanted size, grey from luma alone; a resize only where the size is not there yet; planes
go into memory that is used again (cv2.split and numpy are faster than cv2.dnn.blobFromImage here). pillow and opencv-processes run one process a core; opencv one process with a thread a core, as decoding and resizing leave the interpreter's
lock alone; OpenCV's own threads are off, they only cost on pictures so small. What was tried and is slower on the reference machine: Pillow in threads;
cv2.imdecode of bytes read before.

A server: each line "run" on stdin is answered by the seconds that all files took (start-up and warm-up are not counted), "save PATH" by "ok" once all files'
planes lie in PATH ([files, values] float32, C order). With --probe it prints the version and ends.
"""
import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np


class Pillow:
    def __init__(self, side):
        import PIL
        from PIL import Image
        self.name, self.image, self.size, self.mode = f"Pillow {PIL.__version__}", Image, (side, side), "L" if side == 23 else "RGB"

    def __call__(self, path, out):
        with self.image.open(path) as image:
            image.draft(self.mode, self.size)
            if image.mode != self.mode:
                image = image.convert(self.mode)
            if image.size != self.size:
                image = image.resize(self.size, self.image.BILINEAR)
            pixels = np.asarray(image)
        np.copyto(out, pixels if pixels.ndim == 2 else pixels.transpose(2, 0, 1))
        np.multiply(out, SCALE, out=out)


class Opencv:
    def __init__(self, side):
        import cv2
        cv2.setNumThreads(1)
        self.name, self.cv2, self.size = f"OpenCV {cv2.__version__}", cv2, (side, side)
        self.flags = cv2.IMREAD_REDUCED_GRAYSCALE_8 if side == 23 else cv2.IMREAD_REDUCED_COLOR_2

    def __call__(self, path, out):
        image = self.cv2.imread(path, self.flags)
        if image.shape[:2] != self.size:
            image = self.cv2.resize(image, self.size, interpolation=self.cv2.INTER_AREA)
        if image.ndim == 2:
            np.multiply(image, SCALE, out=out)
        else:
            for plane, channel in zip(out, self.cv2.split(image)[::-1]):
                np.multiply(channel, SCALE, out=plane)


SCALE = np.float32(1 / 255)
WAYS = {"pillow": Pillow, "opencv": Opencv, "opencv-processes": Opencv}
read = shape = None


def start(way, side):
    global read, shape
    read, shape = WAYS[way](side), (side, side) if side == 23 else (3, side, side)


def work(paths):
    out = np.empty(shape, np.float32)
    for path in paths:
        read(path, out)
    return len(paths)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--case", type=int, choices=[23, 112], default=23)
    parser.add_argument("--list")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--probe", action="store_true")
    args = parser.parse_args()
    start(args.way, args.case)
    if args.probe:
        print(read.name)
        return
    with open(args.list, encoding="utf-8") as lines:
        files = lines.read().split("\n")
    threads = args.way == "opencv"
    pool = ThreadPoolExecutor(args.processes) if threads else multiprocessing.Pool(args.processes, start, (args.way, args.case))
    # Enough pieces for processes that are not equally fast, few enough that handing them out costs nothing.
    size = max(1, len(files) // (8 * args.processes))
    pieces = [files[i:i + size] for i in range(0, len(files), size)]

    def run():
        if threads:
            list(pool.map(work, pieces))
        else:
            pool.map(work, pieces, chunksize=1)

    run()
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "save":
            planes = np.empty((len(files), *shape), np.float32)
            for path, out in zip(files, planes):
                read(path, out)
            planes.tofile(argument)
            print("ok", flush=True)
        else:
            begun = time.perf_counter()
            run()
            print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
