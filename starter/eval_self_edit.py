"""Samples self-edit pairs about changes in held-out packages, each form forced by its control token, and counts those that parse and are grounded.

Grounded: every identifier in the answer's code stands in the change's text or path (keywords apart). Stricter than the product, which also
accepts names of the file and of the repository. Usage: python3 eval_self_edit.py WORK MODEL CHECKPOINT [weights|average] [number of changes] [show]
"""
import json
import os
import re
import sys

import torch

from generate import Decoder, Vocabulary

FORMS = ("rewrite", "implication", "question", "usage", "contrast")
KEYWORDS = set("""if for while switch catch return typeof new function super await async const let var class extends implements this null true false undefined else throw
import export from default yield delete void in of instanceof case break continue do try finally static get set public private protected readonly def self None True False and
not or is lambda with as raise except pass string number boolean result value interface type enum""".split())
work, folder, checkpoint = sys.argv[1:4]
which = (sys.argv[4:] or ["weights"])[0]
n_changes = int((sys.argv[5:] or ["40"])[0])
show = "show" in sys.argv[6:]
saved = torch.load(os.path.join(work, checkpoint))
decoder, vocabulary = Decoder(saved[which], saved["config"]), Vocabulary(folder)
answer_id = vocabulary.special["<|answer|>"]
stops = set(vocabulary.special.values()) - {answer_id}
items = [json.loads(line) for line in open(os.path.join(work, "evaluationEdits.jsonl"), encoding="utf-8")][:n_changes]
generator = torch.Generator().manual_seed(5)
word = re.compile(r"[A-Za-z_$][\w$]*")
counts = {form: [0, 0, 0] for form in FORMS}
distinct = 0
for item in items:
    change = item["change"]
    names = set(word.findall("\n".join([change["before"], change["after"], change["path"], change["qualifiedName"], change["repository"]])))
    lasts = [form for form in FORMS for _ in range(2)]
    texts = decoder.continuations(item["prompt"], [vocabulary.special[f"<|form_{form}|>"] for form in lasts], 128, 0.7, stops, generator)
    good = set()
    for form, ids in zip(lasts, texts):
        text = vocabulary.decode(ids)
        parts = text.split("<|answer|>")
        counts[form][0] += 1
        parsed = len(parts) == 2 and parts[0].strip() != "" and parts[1].strip() != ""
        counts[form][1] += parsed
        if not parsed:
            continue
        code = parts[1] if form in ("rewrite", "usage") else " ".join(re.findall(r"`[^`]*`", parts[1]))
        asked = " ".join(re.findall(r"`[^`]*`", parts[0]))
        missing = [w for w in word.findall(code + " " + asked) if w not in names and w not in KEYWORDS]
        counts[form][2] += not missing
        if not missing:
            good.add(text.strip())
        if show:
            print(f"{form:12}{'ok ' if not missing else str(missing[:4])} {text.strip()!r}")
    distinct += len(good)
    if show:
        print("--", change["kind"], change["qualifiedName"], change["path"])
total = [sum(c[i] for c in counts.values()) for i in range(3)]
print(json.dumps({"pairs": total[0], "parsedShare": round(total[1] / total[0], 3), "groundedShare": round(total[2] / total[0], 3),
                  "groundedByForm": {f: round(c[2] / c[0], 2) for f, c in counts.items()}, "distinctGroundedPairsPerChangeOf10": round(distinct / len(items), 1)}))
