"""The reference hdbscan on points in a raw float32 file: prints seconds and peak memory, writes the labels."""
import argparse
import resource
import time

import numpy
from hdbscan import HDBSCAN

parser = argparse.ArgumentParser()
parser.add_argument("--points", required=True)
parser.add_argument("--dimension", type=int, required=True)
parser.add_argument("--min-cluster-size", type=int, required=True)
parser.add_argument("--min-samples", type=int, required=True)
parser.add_argument("--labels", required=True)
options = parser.parse_args()

points = numpy.fromfile(options.points, dtype=numpy.float32).reshape(-1, options.dimension)
start = time.perf_counter()
result = HDBSCAN(min_cluster_size=options.min_cluster_size, min_samples=options.min_samples, core_dist_n_jobs=-1).fit(points)
seconds = time.perf_counter() - start
result.labels_.astype(numpy.int32).tofile(options.labels)
print(f"seconds={seconds} megabytes={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")
