"""Golden values of the evaluation figures by scikit-learn 1.2.1, scipy and numpy: run with Debian's python3 in this folder.

Every case: <name>.trials.csv (score, target, asking identity, other identity), <name>.draws.csv (how often each identity was drawn, a row a draw) and, for the trials
as they are and every draw, in <name>.figures.csv: auc, eer (interpolated), minDCF at 1 % and 5 %; then, for the trials as they are, eer nearest and convex hull.
A trial weighs as often as its one person was drawn, or the product for two. ranking.csv: scores of a gallery for some probes, and the figures of each.
positives.<name>.json: scores of voices by faces of people with one to five clips, and all figures in both directions by which clips are positives; every pair is a
trial, 1 of N is counted from binomials, and ties in a ranking are averaged over all places that the relevant items of a run of ties can take.
"""
import itertools
import json
from math import comb

import numpy as np
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from scipy.spatial import ConvexHull
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve


def curve(target, score, weight):
    return roc_curve(target, score, sample_weight=weight, drop_intermediate=False)[:2]


def eer(fpr, tpr):
    return brentq(lambda x: 1 - x - interp1d(fpr, tpr)(x), 0, 1, xtol=1e-15) if not np.any(np.diff(fpr) == 0) else crossing(fpr, tpr)


def crossing(fpr, tpr):
    """interp1d needs rising x; the curve also has upright pieces, so interpolate along it."""
    gap = 1 - tpr - fpr
    along = np.arange(len(gap), dtype=float)
    place = brentq(lambda s: np.interp(s, along, gap), 0, len(gap) - 1, xtol=1e-15)
    return float(np.interp(place, along, fpr))


def hull(fpr, tpr):
    points = np.unique(np.column_stack([np.append(fpr, 1), np.append(tpr, 0)]), axis=0)  # (1, 0) closes it from below
    if len(points) == 3:
        corners = points
    else:
        corners = points[ConvexHull(points).vertices]
    upper = corners[corners[:, 1] >= corners[:, 0] - 1e-12]
    upper = upper[np.lexsort((upper[:, 1], upper[:, 0]))]
    return crossing(upper[:, 0], upper[:, 1])


def min_dcf(fpr, tpr, prior):
    return np.min(prior * (1 - tpr) + (1 - prior) * fpr) / min(prior, 1 - prior)


def figures(target, score, weight):
    fpr, tpr = curve(target, score, weight)
    return [roc_auc_score(target, score, sample_weight=weight), eer(fpr, tpr), min_dcf(fpr, tpr, 0.01), min_dcf(fpr, tpr, 0.05)]


def write(name, score, target, asking, other, people, rng):
    score = score.astype(np.float32)
    with open(f"{name}.trials.csv", "w") as file:
        for row in zip(score, target, asking, other):
            file.write("%r,%d,%d,%d\n" % (float(row[0]), row[1], row[2], row[3]))
    draws = [np.bincount(rng.integers(people, size=people), minlength=people) for _ in range(6)]
    np.savetxt(f"{name}.draws.csv", draws, fmt="%d", delimiter=",")
    rows = []
    for draw in [np.ones(people, int)] + draws:
        weight = draw[asking] * np.where(target, 1, draw[other])
        kept = weight > 0
        rows.append(figures(target[kept], score[kept], weight[kept].astype(float)))
    fpr, tpr = curve(target, score, None)
    nearest = np.nanargmin(np.abs(1 - tpr - fpr))
    with open(f"{name}.figures.csv", "w") as file:
        for row in rows:
            file.write(",".join(repr(float(value)) for value in row) + "\n")
        file.write("%r,%r\n" % (float((1 - tpr[nearest] + fpr[nearest]) / 2), float(hull(fpr, tpr))))


def trials(seed, people, each, ties, apart):
    rng = np.random.default_rng(seed)
    asking = np.repeat(np.arange(people), 2 * each)
    target = np.tile([True, False], people * each)
    other = np.where(target, asking, (asking + 1 + rng.integers(people - 1, size=len(asking))) % people)
    score = rng.normal(size=len(asking)) + apart * target + 0.3 * rng.normal(size=people)[asking]
    return (np.round(score * ties) / ties if ties else score), target, asking, other, people, rng


def ranking():
    rng = np.random.default_rng(9)
    people, clips, probes = 20, 3, 20
    owner = np.repeat(np.arange(people), clips)
    with open("ranking.csv", "w") as file:
        for probe in range(probes):
            score = (rng.normal(size=len(owner)) + 1.2 * (owner == probe)).astype(np.float32)
            relevant = owner == probe
            order = np.argsort(-score)
            first = np.argmax(relevant[order]) + 1
            row = [1 / first, first <= 1, first <= 5, first <= 10, average_precision_score(relevant, score)]
            file.write(",".join(repr(float(value)) for value in [*row, *score]) + "\n")


def run_of_ties(before, count, relevant, relevant_before):
    """Expected 1 / first relevant rank, hits at 1, 5 and 10, and the sum of precisions, over all places of the relevant items of a run."""
    rows = []
    for places in itertools.combinations(range(before + 1, before + count + 1), relevant):
        precision = sum((relevant_before + i + 1) / place for i, place in enumerate(places))
        rows.append([1 / places[0], *[places[0] <= k for k in (1, 5, 10)], precision])
    return np.mean(np.array(rows, float), axis=0)


def one_probe(score, positive, distractor):
    matching = np.zeros(9)
    for own in score[positive]:
        lower, tied, m = np.sum(score[distractor] < own), np.sum(score[distractor] == own), np.sum(distractor)
        for n in range(2, 11):
            ways = sum(comb(int(tied), t) * comb(int(lower), n - 1 - t) / (t + 1) for t in range(n)) if m >= n - 1 else np.nan
            matching[n - 2] += ways / comb(int(m), n - 1) / np.sum(positive) if m >= n - 1 else np.nan
    first, before, relevant_before, precision = None, 0, 0, 0.0
    for level in sorted(set(score[positive | distractor]), reverse=True):
        count, relevant = np.sum((positive | distractor) & (score == level)), np.sum(positive & (score == level))
        if relevant > 0:
            run = run_of_ties(before, int(count), int(relevant), relevant_before)
            first = run[:4] if first is None else first
            precision += run[4]
        before, relevant_before = before + count, relevant_before + relevant
    if len(set(score[positive | distractor])) == np.sum(positive | distractor):
        kept = positive | distractor
        assert abs(precision / np.sum(positive) - average_precision_score(positive[kept], score[kept])) < 1e-12
    return [*matching, *first, precision / np.sum(positive)]


def direction(scores, asking, answering, policy):
    """All figures over trials and over identities: auc, eer, minDCF twice, 1 of 2 to 10, MRR, R@1, R@5, R@10, mAP."""
    target, score, weight, probes = [], [], [], []
    for p, (person, clip) in enumerate(asking):
        same = np.array([other == person for other, _ in answering])
        own = np.array([(other, name) == (person, clip) for other, name in answering])
        positive = {"other": same & ~own, "own": own, "any": same}[policy]
        if np.any(positive):
            kept = positive | ~same
            target.extend(positive[kept])
            score.extend(scores[p][kept])
            weight.extend([person] * np.sum(kept))
            probes.append((person, one_probe(scores[p], positive, ~same)))
    target, score, people = np.array(target), np.array(score), np.array(weight)
    share = np.array([1 / np.sum((people == person) & (target == own)) for person, own in zip(people, target)])
    by_person = {person: np.mean([row for other, row in probes if other == person], axis=0) for person in sorted(set(people))}
    return {
        "people": len(by_person), "probes": len(probes), "pairs": len(target),
        "trials": [*map(float, figures(target, score, None)), *np.mean([row for _, row in probes], axis=0).tolist()],
        "identities": [*map(float, figures(target, score, share)), *np.mean(list(by_person.values()), axis=0).tolist()],
    }


def positives(name, seed, ties):
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(12), [1, 2, 3, 4, 5, 1, 2, 2, 3, 1, 2, 4])
    clips = [(f"p{person:02d}", f"c{i:02d}") for i, person in enumerate(owner)]
    voices = [clip for i, clip in enumerate(clips) if i not in (4, 20)]  # two clips without a voice, two without a face
    faces = [clip for i, clip in enumerate(clips) if i not in (7, 29)]
    scores = rng.normal(size=(len(voices), len(faces))) + 0.8 * np.array([[v[0] == f[0] for f in faces] for v in voices])
    scores = (np.round(scores * ties) / ties if ties else scores).astype(np.float32)
    with open(f"positives.{name}.json", "w") as file:
        json.dump({
            "voices": voices, "faces": faces, "scores": [[float(value) for value in row] for row in scores],
            "figures": {
                policy: {
                    "voice-to-face": direction(scores, voices, faces, policy), "face-to-voice": direction(scores.T, faces, voices, policy),
                } for policy in ("other", "own", "any")
            },
        }, file, indent=0)


write("smooth", *trials(1, 30, 8, 0, 1.0))
write("tied", *trials(2, 25, 6, 2, 0.8))
write("inverted", *trials(3, 20, 5, 4, -1.0))
write("separate", *trials(4, 15, 4, 0, 12.0))
ranking()
positives("smooth", 5, 0)
positives("tied", 6, 2)
