"""
Trains ../../words/word-vectors.bin from what collect.py, seeds.mjs and tokens.ts left in a folder:

    /usr/bin/python3 train.py <folder> <word-vectors.bin>  # Debian: python3-torch

1. Every word starts from GloVe and from how a sentence encoder sees it, put together by their
   strongest directions.
2. Texts that say the same of a matter (a package's summary and its description, a word and its
   definition) are drawn together, others of the batch apart: the mean of their words' directions.
3. Questions and the passages that answer them, written for this project, the same way, by the mean
   and also word by word: for each word of the question the one of the passage most like it (late
   interaction; O. Khattab, M. Zaharia: ColBERT, SIGIR 2020, here without context). From the third
   round on each question also meets a passage that is near and does not answer it.
4. Turned so that the first numbers hold most, and cut to `KEPT` of them, in 8 bits each.

About 15 minutes on two cores. Prints how often the answering passage is among the first 1, 3 and
10 of all, for every twelfth passage, which is kept out of training.
"""
import collections
import json
import math
import os
import random
import re
import sys
import time

import numpy as np
import torch
from torch.nn.functional import cross_entropy, embedding_bag, normalize

WIDTH = 128  # while training
KEPT = 64  # in the table
WORDS = 40_000  # in the table
HELD_OUT = 12
SEED = 1

folder, out = sys.argv[1], sys.argv[2]
random.seed(SEED)
np.random.seed(SEED)
torch.manual_seed(SEED)


def tokens(name):
    with open(os.path.join(folder, f"{name}.tokens")) as file:
        return [[text.split(" ") if text else [] for text in json.loads(line)] for line in file]


texts = {name: tokens(name) for name in ("packages", "manual", "docstrings", "wordnet", "pairs")}
counts = collections.Counter(term for rows in texts.values() for row in rows for text in row for term in text)


# --- 1. what words start from ---------------------------------------------------------------


def lines(name):
    return open(os.path.join(folder, name), encoding="utf8").read().split("\n")[:-1]


def by_stem(name, width):
    """The mean of the forms of a word, frequent ones counting more."""
    stems = lines(f"{name}.stems")
    rows = np.fromfile(os.path.join(folder, f"{name}.f32"), dtype=np.float32).reshape(-1, width)
    rows = rows - rows[:20_000].mean(0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    sums, shares = {}, collections.Counter()
    for at, stem in enumerate(stems[: len(rows)]):
        share = 1 / (at + 10)
        sums[stem] = sums.get(stem, 0) + rows[at] * share
        shares[stem] += share
    return {stem: total / shares[stem] for stem, total in sums.items()}


def strongest(rows, weights, most):
    _, directions = np.linalg.eigh((rows * weights[:, None]).T @ rows)
    return directions[:, ::-1][:, :most]


seeds = [(by_stem("glove", 100), 100), (by_stem("encoder", 512), 512)]
terms = [
    term
    for term, count in counts.most_common()
    if (count >= 2 or any(term in rows for rows, _ in seeds)) and not term.isdigit()
]
number = {term: at for at, term in enumerate(terms)}
frequency = np.array([counts[term] for term in terms], dtype=np.float64)


def start():
    blocks = []
    for rows, width in seeds:
        block = np.zeros((len(terms), width))
        has = np.array([term in rows for term in terms])
        block[has] = [rows[term] for term in terms if term in rows]
        block[has] -= block[has].mean(0)
        # The two strongest directions hold how frequent a word is, not what it means.
        common = strongest(block[has], frequency[has] ** 0.5, 2)
        block -= block @ common @ common.T
        blocks.append(block / (np.linalg.norm(block, axis=1, keepdims=True) + 1e-9))
    both = np.concatenate(blocks, 1)
    rows = both @ strongest(both, frequency**0.5, WIDTH)
    lengths = np.linalg.norm(rows, axis=1)
    rows /= lengths.mean()
    unknown = lengths < 1e-6
    rows[unknown] = np.random.randn(int(unknown.sum()), WIDTH) * 0.3 / WIDTH**0.5
    # How much a word says, by its rarity: S. Arora, Y. Liang, T. Ma, ICLR 2017.
    says = np.log(1e-3 / (1e-3 + frequency / frequency.sum()))
    return torch.tensor(rows, dtype=torch.float32), torch.tensor(says, dtype=torch.float32)


first_rows, first_says = start()
rows = torch.nn.Parameter(first_rows)
says = torch.nn.Parameter(first_says)  # towards what a text means, as a logarithm


def ids(text, most, once=False):
    found = [number[term] for term in text if term in number]
    return (list(dict.fromkeys(found)) if once else found)[:most]


def without_some(text, share):
    return [term for term in text if random.random() > share] or text


def both_ways(scores, count):
    target = torch.arange(count)
    return (cross_entropy(scores, target) + cross_entropy(scores[:, :count].T, target)) / 2


# --- 2. texts that say the same --------------------------------------------------------------


def weak_pairs():
    for name in ("packages", "manual", "docstrings", "wordnet"):
        for row in texts[name]:
            head, *others = (ids(text, 120) for text in row)
            head = head[:40]
            others = [text for text in others if len(text) > 2]
            for text in others[:2]:
                if head:
                    yield head, text
            if len(others) > 1:
                yield others[0], others[1]




def bag(batch, share):
    kept = [without_some(text, share) if len(text) > 3 else text for text in batch]
    flat = torch.tensor([term for text in kept for term in text])
    starts = torch.tensor([0, *np.cumsum([len(text) for text in kept])[:-1]])
    return normalize(embedding_bag(flat, rows, starts, mode="sum", per_sample_weights=says.exp()[flat]))


def train_weakly(rounds=2, size=1024):
    pairs = list(weak_pairs())
    heat = torch.nn.Parameter(torch.tensor(math.log(20.0)))
    steps = torch.optim.Adam(
        [{"params": [rows], "lr": 2e-3}, {"params": [says], "lr": 4e-3}, {"params": [heat], "lr": 1e-2}]
    )
    print(f"{len(terms)} terms, {len(pairs)} pairs of texts", flush=True)
    for turn in range(rounds):
        started, losses = time.time(), []
        random.shuffle(pairs)
        for at in range(0, len(pairs) - size + 1, size):
            batch = pairs[at : at + size]
            left = bag([pair[0] for pair in batch], 0.1)
            right = bag([pair[1] for pair in batch], 0.1)
            loss = both_ways(left @ right.T * heat.exp().clamp(max=60), size)
            steps.zero_grad()
            loss.backward()
            steps.step()
            losses.append(loss.item())
        print(f"texts, round {turn + 1}: {np.mean(losses):.3f}, {time.time() - started:.0f} s", flush=True)


# --- 3. questions and answers ----------------------------------------------------------------


def padded(batch):
    longest = max(len(text) for text in batch)
    filled = torch.zeros(len(batch), longest, dtype=torch.long)
    real = torch.zeros(len(batch), longest, dtype=torch.bool)
    for at, text in enumerate(batch):
        filled[at, : len(text)] = torch.tensor(text)
        real[at, : len(text)] = True
    return filled, real


def compare(questions, passages, asked):
    """Word by word, and by the mean: two tables of questions × passages."""
    q, q_real = padded(questions)
    p, p_real = padded(passages)
    q_terms, q_at = torch.unique(q, return_inverse=True)
    p_terms, p_at = torch.unique(p, return_inverse=True)
    alike = torch.relu(normalize(rows[q_terms]) @ normalize(rows[p_terms]).T)
    best = alike[:, p_at.flatten()].view(len(q_terms), *p.shape).masked_fill(~p_real[None], 0).amax(2)
    share = asked.exp()[q] * q_real
    words = torch.einsum("qw,qwp->qp", share / (share.sum(1, keepdim=True) + 1e-6), best[q_at])
    left, right = (
        normalize((rows[text] * (says.exp()[text] * real)[..., None]).sum(1)) for text, real in ((q, q_real), (p, p_real))
    )
    return words, left @ right.T


def train_on_questions(rounds=6, size=160, replayed=0.7):
    asked = torch.nn.Parameter(says.detach().clone())  # how much a word of a question counts
    mix = torch.nn.Parameter(torch.tensor(0.5))
    heat = torch.nn.Parameter(torch.tensor(math.log(12.0)))
    mean_heat = torch.nn.Parameter(torch.tensor(math.log(18.0)))
    passages, questions, held = [], [], []
    for row in texts["pairs"]:
        passage = ids(row[0] + row[1], 80, once=True)
        if not passage:
            continue
        into = held if len(passages) % HELD_OUT == 0 else questions
        into.extend((ids(text, 24, once=True), len(passages)) for text in row[2:] if ids(text, 24))
        passages.append(passage)
    weak = [(left[:12], right[:60]) for left, right in weak_pairs()]
    groups = [
        {"params": [rows], "lr": 1e-3},
        {"params": [says, asked], "lr": 2e-3},
        {"params": [mix, heat, mean_heat], "lr": 3e-3},
    ]
    steps = torch.optim.Adam(groups)
    rates = [group["lr"] for group in steps.param_groups]
    print(f"{len(questions)} questions, {len(held)} held out, {len(passages)} passages", flush=True)

    def report(name):
        with torch.no_grad():
            tables = [compare([q for q, _ in held], passages[at : at + 256], asked) for at in range(0, len(passages), 256)]
        words, means = (torch.cat(table, 1) for table in zip(*tables))
        right = torch.tensor([passage for _, passage in held])
        shown = []
        for kind, scores in (("words", words), ("means", means), ("both", words + mix.detach() * means)):
            place = (scores > scores[range(len(held)), right][:, None]).sum(1)
            shown.append(f"{kind} " + " / ".join(f"{100 * (place < most).float().mean():.1f}" for most in (1, 3, 10)))
        print(f"{name}: {', '.join(shown)}", flush=True)

    def confusing():
        """Of each question the passages nearest by the mean that do not answer it."""

        def directions(batch):
            made = []
            for at in range(0, len(batch), 2048):
                text, real = padded(batch[at : at + 2048])
                made.append(normalize((rows[text] * (says.exp()[text] * real)[..., None]).sum(1)))
            return torch.cat(made)

        with torch.no_grad():
            every, found = directions(passages), []
            for at in range(0, len(questions), 2048):
                part = questions[at : at + 2048]
                scores = directions([question for question, _ in part]) @ every.T
                scores[range(len(part)), [passage for _, passage in part]] = -9
                # The very nearest often answer too.
                found += scores.topk(20, 1).indices[:, 2:].tolist()
        return found

    report("before")
    for turn in range(rounds):
        started, losses = time.time(), []
        for group, rate in zip(steps.param_groups, rates):
            group["lr"] = rate * (1 - 0.8 * turn / rounds)
        wrong = confusing() if turn >= 2 else None
        order = random.sample(range(len(questions)), len(questions))
        batches = [("asked", order[at : at + size]) for at in range(0, len(order) - size + 1, size)]
        batches += [("weak", random.sample(range(len(weak)), size)) for _ in range(int(len(batches) * replayed))]
        random.shuffle(batches)
        for kind, batch in batches:
            if kind == "asked":
                left = [questions[at][0] for at in batch]
                answers = [questions[at][1] for at in batch]
                others = answers + ([random.choice(wrong[at]) for at in batch] if wrong else [])
                right = [passages[at] for at in others]
                # The passage that answers one question may answer another of the batch, too.
                same = torch.tensor(answers)[:, None] == torch.tensor(others)[None]
                also = same & ~torch.eye(size, len(others), dtype=torch.bool)
            else:
                left, right, also = [weak[at][0] for at in batch], [weak[at][1] for at in batch], None
            words, means = compare(
                [without_some(text, 0.1) for text in left], [without_some(text, 0.1) for text in right], asked
            )
            hot = heat.exp().clamp(max=40)
            tables = [words * hot, means * mean_heat.exp().clamp(max=30), (words + mix * means) * hot]
            if also is not None:
                tables = [table.masked_fill(also, -1e4) for table in tables]
            loss = sum(both_ways(table, size) for table in tables) / 2
            steps.zero_grad()
            loss.backward()
            steps.step()
            if kind == "asked":
                losses.append(loss.item())
        report(f"questions, round {turn + 1}: {np.mean(losses):.3f}, {time.time() - started:.0f} s")
    return asked.detach().numpy()


# --- 4. the table ----------------------------------------------------------------------------


def write(asked):
    directions = rows.detach().numpy().astype(np.float64)
    length = np.linalg.norm(directions, axis=1)
    often = collections.Counter()
    for name, share in (("packages", 1), ("manual", 1), ("wordnet", 1), ("docstrings", 0.5), ("pairs", 6)):
        for row in texts[name]:
            for text in row:
                for term in text:
                    often[term] += share
    for at, term in enumerate(lines("glove.stems")):
        often[term] += 200_000 / (at + 1_000)
    is_word = re.compile(r"[a-z0-9][a-z0-9+#.\-]{1,31}|c|r")
    kept = [at for at, term in enumerate(terms) if is_word.fullmatch(term) and length[at] > 1e-3]
    kept = sorted(kept, key=lambda at: -often[terms[at]])[:WORDS]
    kept.sort(key=lambda at: terms[at])
    unit = directions[kept] / length[kept][:, None]
    said = np.exp(says.detach().numpy()[kept]) * length[kept]
    unit = unit @ strongest(unit, said, KEPT)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    eighths = np.round(unit / np.abs(unit).max(1, keepdims=True) * 127).astype(np.int8)
    list_of_words = "".join(f"{terms[at]}\n" for at in kept).encode()
    with open(out, "wb") as file:
        header = {"words": len(kept), "dimension": KEPT, "listBytes": len(list_of_words)}
        file.write(json.dumps(header).encode() + b"\n" + list_of_words)
        for weights in (np.exp(asked[kept]), said):
            file.write((weights / weights.mean()).astype("<f4").tobytes())
        file.write(eighths.tobytes())
    print(f"{len(kept)} words, {os.path.getsize(out)} bytes")


train_weakly()
write(train_on_questions())
