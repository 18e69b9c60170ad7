"""Bits per byte on held-out packages, and exact matches of line completion with and without context from other files.

Usage: python3 evaluate.py WORK MODEL CHECKPOINT [weights|average] [number of lines]
"""
import json
import math
import os
import sys

import numpy as np
import torch

from generate import Decoder, Vocabulary
from model import Kernels, Qwen2

work, folder, checkpoint = sys.argv[1:4]
which = (sys.argv[4:] or ["weights"])[0]
n_lines = int((sys.argv[5:] or ["150"])[0])
saved = torch.load(os.path.join(work, checkpoint))
weights, config = saved[which], saved["config"]

length, batch = 1024, 8
model = Qwen2(config, Kernels(os.path.join(work, "kernels.so")), batch, length)
for name, value in weights.items():
    model.weights[name].copy_(value)
    if name in model.narrow:
        model.narrow[name].copy_(value)
ids = np.fromfile(os.path.join(work, "heldOutPlain.bin"), dtype=np.uint16).astype(np.int32)
bytes_in_all = json.load(open(os.path.join(work, "heldOutPlain.json")))["bytes"]
rows = (len(ids) - 1) // length // batch * batch
block = torch.from_numpy(np.stack([ids[r * length:(r + 1) * length + 1] for r in range(rows)]))
nats = 0.0
for start in range(0, rows, batch):
    part = block[start:start + batch]
    nats += model.step(part[:, :-1].reshape(-1).contiguous(), part[:, 1:].reshape(-1).contiguous(), torch.zeros(batch * length), train=False).sum().item()
bytes_measured = bytes_in_all * rows * length / len(ids)
figures = {"tokens": saved["state"]["tokens"], "bitsPerByte": round(nats / math.log(2) / bytes_measured, 4), "heldOutBytes": round(bytes_measured)}

decoder, vocabulary = Decoder(weights, config), Vocabulary(folder)
newlines = {i for i, token in vocabulary.bytes.items() if b"\n" in token} | set(vocabulary.special.values())
items = [json.loads(line) for line in open(os.path.join(work, "evaluationFim.jsonl"), encoding="utf-8")][:n_lines]
for kind in ("withContext", "withoutContext"):
    hits = 0
    for item in items:
        out = vocabulary.decode(decoder.continuations(item[kind], None, 32, 0, newlines)[0])
        hits += out.rstrip() == item["middle"].rstrip()
    figures["lineExactMatch" + kind[0].upper() + kind[1:]] = round(hits / max(1, len(items)), 3)
print(json.dumps(figures))
