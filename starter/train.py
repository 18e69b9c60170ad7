"""Trains the starter model. Reads the shards of WORK, writes WORK/checkpoint.pt every few minutes and resumes from it.

Muon (https://kellerjordan.github.io/posts/muon) for the matrices, AdamW for embedding, norms and biases. The rate warms up, stays,
and falls linearly to zero over the last tokens of --decay; the mix may change between runs.
"""
import argparse
import json
import os
import signal
import time

import numpy as np
import torch

from model import Kernels, Qwen2

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("work")
parser.add_argument("--mix", default="plain:0.3,fimShort:0.15,fim:0.2,edit:0.28,question:0.05,copy:0.02", help="share of rows by shard; copy is the artificial copying task")
parser.add_argument("--length", type=int, default=1024)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--until", default="", help="stop at this wall-clock time, HH:MM; the decay then counts seconds")
parser.add_argument("--tokens", type=float, default=0, help="stop at this many tokens in all (millions)")
parser.add_argument("--decay", type=float, default=0, help="the last seconds (with --until) or millions of tokens (with --tokens) over which the rate falls")
parser.add_argument("--rate", type=float, default=0.02)
parser.add_argument("--embedding-rate", type=float, default=0.004)
parser.add_argument("--emphasis", type=float, default=4.0)
parser.add_argument("--checkpoint", default="checkpoint.pt")
parser.add_argument("--save-as", default="", help="write the last checkpoint under this name instead")
arguments = parser.parse_args()

CONFIG = {"hidden": 256, "layers": 8, "heads": 4, "key_heads": 2, "inner": 704, "vocabulary": 8192, "theta": 10000.0}
WARM_UP_STEPS, SAVE_SECONDS, AVERAGE_RATE, END_OF_TEXT = 60, 180, 0.02, 8192 - 18
FIM_MIDDLE, QUESTION, RECIPE = END_OF_TEXT + 3, END_OF_TEXT + 7, END_OF_TEXT + 12
rows = arguments.batch * arguments.length
model = Qwen2(CONFIG, Kernels(os.path.join(arguments.work, "kernels.so")), arguments.batch, arguments.length)


class Shard:
    """Rows of documents. Plain code goes on mid-file; the other shards start each row at a document, so that no row lacks its context."""

    def __init__(self, name):
        self.ids = np.fromfile(os.path.join(arguments.work, name + ".bin"), dtype=np.uint16)
        self.starts = np.fromfile(os.path.join(arguments.work, name + ".index"), dtype=np.uint32).astype(np.int64)
        self.aligned, self.size = name != "plain", len(self.ids)

    def row(self, at):
        if at + arguments.length + 1 >= self.size:
            at = 0
        end = at + arguments.length
        row = self.ids[at:end + 1].astype(np.int32)
        if self.aligned:
            index = np.searchsorted(self.starts, end)
            end = self.starts[index] if index < len(self.starts) else 0
        return row, end


def copying_row(random):
    """Random tokens in which one to three earlier pieces come again and again: the shortest way to learn to copy."""
    pieces = [random.integers(0, END_OF_TEXT, random.integers(8, 100)) for _ in range(random.integers(1, 4))]
    row = []
    while len(row) <= arguments.length:
        row.extend(pieces[random.integers(len(pieces))])
    return np.array(row[:arguments.length + 1], dtype=np.int32)


def emphasis(block):
    """Weight of each target: what the product will ask for (middles, pairs, answers) counts more than the text it is asked about."""
    opened = np.cumsum((block == FIM_MIDDLE) | (block == RECIPE) | (block == QUESTION), axis=1)
    closed = np.cumsum(block == END_OF_TEXT, axis=1)
    wanted = (opened > closed)[:, :-1]
    return np.where(wanted, arguments.emphasis, 1.0).astype(np.float32), wanted


def orthogonalized(updates):
    """Newton-Schulz iteration of Muon on a stack of matrices [n, out, in] in bf16."""
    x = updates.to(torch.bfloat16)
    tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2).contiguous() if tall else x
    x = x / (x.float().flatten(1).norm(dim=1).view(-1, 1, 1) + 1e-7).to(torch.bfloat16)
    for a, b, c in [(3.4445, -4.7750, 2.0315)] * 5:
        gram = torch.bmm(x, x.transpose(1, 2))
        x = a * x + torch.bmm(b * gram + c * torch.bmm(gram, gram), x)
    return (x.transpose(1, 2) if tall else x).float()


def matrices(name, tensor):
    """The separate matrices inside a fused weight, as views [n, out, in]."""
    if name == "qkv":
        q, k = CONFIG["heads"] * 64, CONFIG["key_heads"] * 64
        return [tensor[:, :q], tensor[:, q:q + k], tensor[:, q + k:]]
    if name == "gate_up":
        return [tensor.view(-1, CONFIG["inner"], CONFIG["hidden"])]
    return [tensor]


muon_names, adam_names = ("qkv", "out", "gate_up", "down"), ("embedding", "norms", "qkv_bias")
state = {"step": 0, "tokens": 0, "at": {}, "seconds": 0.0, "history": []}
momentum = {n: torch.zeros_like(model.weights[n]) for n in muon_names}
first = {n: torch.zeros_like(model.weights[n]) for n in adam_names}
second = {n: torch.zeros_like(model.weights[n]) for n in adam_names}
average = {n: value.clone() for n, value in model.weights.items()}  # of about the last 1 / AVERAGE_RATE steps: a stand-in for the decay
path = os.path.join(arguments.work, arguments.checkpoint)
if os.path.exists(path):
    saved = torch.load(path)
    state = saved["state"]
    for target, source in ((model.weights, saved["weights"]), (momentum, saved["momentum"]), (first, saved["first"]), (second, saved["second"]), (average, saved.get("average", saved["weights"]))):
        for n, value in source.items():
            target[n].copy_(value)
    for n in model.narrow:
        model.narrow[n].copy_(model.weights[n])


def save(name):
    beside = os.path.join(arguments.work, name + ".partial")
    torch.save({"config": CONFIG, "state": state, "weights": model.weights, "momentum": momentum, "first": first, "second": second, "average": average}, beside)
    os.replace(beside, os.path.join(arguments.work, name))


def update(factor):
    rate, g = arguments.rate * factor, model.gradients
    for n in muon_names:
        gradient = g[n].float()
        momentum[n].lerp_(gradient, 0.05)
        blended = gradient.lerp_(momentum[n], 0.95)
        for weight, matrix in zip(matrices(n, model.weights[n]), matrices(n, blended)):
            size = max(1.0, weight.shape[1] / weight.shape[2]) ** 0.5
            weight.mul_(1 - rate * 0.02).add_(orthogonalized(matrix), alpha=-rate * size)
        model.narrow[n].copy_(model.weights[n])
    count = state["step"] + 1
    for n in adam_names:
        model.k.adamw(model.weights[n], g[n], first[n], second[n], model.narrow.get(n), model.weights[n].numel(), 1.0, arguments.embedding_rate * factor,
                      0.9, 0.98, 1e-10, 0.0, 1 - 0.9 ** count, 1 - 0.98 ** count)


shares = {name: float(share) for name, share in (item.split(":") for item in arguments.mix.split(","))}
shards = {name: Shard(name) for name in shares if name != "copy"}
names = list(shares)
cumulative = np.cumsum([shares[n] for n in names]) / sum(shares.values())
stop_at = None
if arguments.until:
    hour, minute = map(int, arguments.until.split(":"))
    now = time.localtime()
    stop_at = time.time() + (hour - now.tm_hour) * 3600 + (minute - now.tm_min) * 60 - now.tm_sec
last_save = last_print = time.time()
stopped = []
signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
sums, counts, printed_tokens = {}, {}, state["tokens"]
while True:
    factor = min(1.0, (state["step"] + 1) / WARM_UP_STEPS)
    if stop_at:
        left = stop_at - time.time()
    else:
        left = arguments.tokens - state["tokens"] / 1e6
    if left <= 0 or stopped:
        break
    if arguments.decay:
        factor *= min(1.0, left / arguments.decay)
    random = np.random.default_rng([7, state["step"]])
    batch, origins = [], []
    for pick in random.random(arguments.batch):
        name = names[int(np.searchsorted(cumulative, pick))]
        origins.append(name)
        if name == "copy":
            batch.append(copying_row(random))
        else:
            row, state["at"][name] = shards[name].row(state["at"].get(name, 0))
            batch.append(row)
    block = np.stack(batch)
    weight, wanted = emphasis(block)
    weight = torch.from_numpy(weight.reshape(-1) / weight.sum())
    block = torch.from_numpy(block)
    began = time.time()
    loss = model.step(block[:, :-1].reshape(-1).contiguous(), block[:, 1:].reshape(-1).contiguous(), weight)
    update(factor)
    state["seconds"] += time.time() - began
    state["step"] += 1
    for n, value in average.items():
        value.lerp_(model.weights[n], AVERAGE_RATE)
    state["tokens"] += rows
    losses = loss.view(arguments.batch, -1).numpy()
    for name, row, mask in zip(origins, losses, wanted):
        kept = row[mask] if name not in ("plain", "copy") else row
        sums[name], counts[name] = sums.get(name, 0.0) + kept.sum(), counts.get(name, 0) + kept.size
    if time.time() - last_print > 20:
        figures = {n: round(float(sums[n] / max(1, counts[n])), 3) for n in sorted(sums)}
        speed = (state["tokens"] - printed_tokens) / (time.time() - last_print)
        print(f"{time.strftime('%H:%M:%S')} step {state['step']} {state['tokens'] / 1e6:.2f}M tokens {speed:.0f}/s rate {factor:.2f} {json.dumps(figures)}", flush=True)
        state["history"].append((state["tokens"], figures))
        last_print, printed_tokens, sums, counts = time.time(), state["tokens"], {}, {}
    if time.time() - last_save > SAVE_SECONDS:
        save(arguments.checkpoint)
        last_save = time.time()
save(arguments.save_as or arguments.checkpoint)
