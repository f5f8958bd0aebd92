"""FAISS's flat index: what `cmvae-bench rank` is compared with.

    faiss_flat.py --gallery G.npy --queries Q.npy --metric euclidean|inner-product --k K --threads T --ids IDS.i32

Searches all queries in one batch and then each by itself, prints one line with the seconds and processor seconds of both, without reading, building and a
warm-up, and writes the ids of the batch, [Q, K] int32.
"""
import argparse
import time

import faiss
import numpy as np


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gallery", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--metric", choices=["euclidean", "inner-product"], required=True)
    parser.add_argument("--k", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--ids", required=True)
    args = parser.parse_args()
    faiss.omp_set_num_threads(args.threads)
    gallery, queries = np.load(args.gallery), np.load(args.queries)
    index = (faiss.IndexFlatL2 if args.metric == "euclidean" else faiss.IndexFlatIP)(gallery.shape[1])
    index.add(gallery)
    index.search(queries[:64], args.k)
    index.search(queries[:1], args.k)

    start, cpu = time.perf_counter(), time.process_time()
    _, ids = index.search(queries, args.k)
    batch, batch_cpu = time.perf_counter() - start, time.process_time() - cpu
    singles = min(len(queries), 200)
    start, cpu = time.perf_counter(), time.process_time()
    for i in range(singles):
        index.search(queries[i:i + 1], args.k)
    single, single_cpu = time.perf_counter() - start, time.process_time() - cpu
    ids.astype(np.int32).tofile(args.ids)
    print(f"faiss={faiss.__version__} batch={batch} batch_cpu={batch_cpu} single={single / singles} single_cpu={single_cpu / singles}")


if __name__ == "__main__":
    main()
