"""Dense numpy reference of the counting baselines, for the expected figures of BaselineFiguresTest.

    python3 prequential_reference.py FILE.csv.gz > figures.csv

FILE has the columns CustomerID, StockCode, InvoiceDate and Quantity and is sorted by time. All scores
are float32; of equal scores the item that appeared later in the file ranks first.
"""
import csv
import gzip
import itertools
import sys

import numpy as np

RECENT, TAIL, NEIGHBOURS, DEPTH = 2000, 50, 20, 20
NAMES = ("popularity", "recent_popularity", "personal", "markov", "item_knn", "item_knn_personal")
F = np.float32


def usable(path):
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            user, item = row["CustomerID"], row["StockCode"].strip()
            if user and item and float(row["Quantity"]) > 0:
                yield row["InvoiceDate"], user, item


lines = list(usable(sys.argv[1]))
user_index, item_index = {}, {}
for _, user, item in lines:
    user_index.setdefault(user, len(user_index))
    item_index.setdefault(item, len(item_index))
users, items = len(user_index), len(item_index)

pairs, transitions = np.zeros((items, items), F), np.zeros((items, items), F)
popularity, recent, window = np.zeros(items, F), np.zeros(items, F), []
personal = np.zeros((users, items), F)
history, last = [[] for _ in range(users)], [[] for _ in range(users)]
result = {(mode, name): np.zeros(4) for mode in ("all", "new") for name in NAMES}


def scores(user):
    near = history[user][-NEIGHBOURS:]
    knn = np.zeros(items, F)
    for item in near:
        knn += pairs[item] / np.sqrt(popularity[item] + F(1))
    knn /= np.sqrt(popularity + F(1))
    own = personal[user]
    yield "popularity", popularity
    yield "recent_popularity", recent + F(1e-6) * popularity
    yield "personal", own + F(1e-6) * popularity
    yield "markov", transitions[last[user]].sum(axis=0) + F(1e-6) * popularity
    yield "item_knn", knn + F(1e-9) * popularity
    both = knn / (knn.max() + F(1e-9)) + own / (own.max() + F(1e-9))
    yield "item_knn_personal", both + F(1e-9) * popularity


def rank(user, distinct):
    own = np.flatnonzero(personal[user])
    for name, score in scores(user):
        for mode in ("all", "new"):
            targets = [i for i in distinct if mode == "all" or personal[user, i] == 0]
            shown = score.copy()
            if mode == "new":
                shown[own] = -np.inf
            order = np.lexsort((-np.arange(items), -shown))[:DEPTH].tolist()
            row = result[mode, name]
            row[0] += len(targets)
            for target in targets:
                if target in order and popularity[target] > 0:
                    place = order.index(target)
                    row[1:] += place < 10, 1, 1 / np.log2(place + 2)


def learn(user, basket, distinct):
    earlier = sorted(set(history[user][-TAIL:]))
    for item in distinct:
        pairs[item, earlier] += 1
        pairs[earlier, item] += 1
        pairs[item, [other for other in distinct if other != item]] += 1
    for before in last[user]:
        transitions[before, distinct] += 1
    for item in basket:
        popularity[item] += 1
        recent[item] += 1
        personal[user, item] += 1
        window.append(item)
        if len(window) > RECENT:
            recent[window.pop(0)] -= 1
    history[user].extend(distinct)
    last[user] = distinct


for _, group in itertools.groupby(lines, key=lambda line: line[0]):
    baskets = {}
    for _, user, item in group:
        baskets.setdefault(user_index[user], []).append(item_index[item])
    for user, basket in baskets.items():
        if history[user]:
            rank(user, list(dict.fromkeys(basket)))
    for user, basket in baskets.items():
        learn(user, basket, list(dict.fromkeys(basket)))

print("mode,baseline,targets,recall_at_10,recall_at_20,ndcg_at_20")
for (mode, name), (count, ten, twenty, gain) in result.items():
    print(f"{mode},{name},{count:.0f},{ten / count:.9f},{twenty / count:.9f},{gain / count:.9f}")
