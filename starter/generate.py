"""Decoding for the evaluations: bf16, a key-value cache, one prompt and several continuations at a time."""
import json

import torch

from model import BF16


class Decoder:
    def __init__(self, weights, config):
        self.c, self.w = config, {n: (w if n in ("norms", "qkv_bias") else w.to(BF16)) for n, w in weights.items()}
        angles = torch.outer(torch.arange(2048).float(), config["theta"] ** (-torch.arange(0, 64, 2).float() / 64))
        self.cosine, self.sine = angles.cos(), angles.sin()

    def forward(self, ids, cache, start):
        """ids [batch, new]; cache: per layer keys and values [batch, heads, past, 64]. Logits [batch, vocabulary] of the last position."""
        c, w = self.c, self.w
        batch, new = ids.shape
        heads, key_heads = c["heads"], c["key_heads"]
        x = w["embedding"][ids].float()
        cosine, sine = self.cosine[start:start + new], self.sine[start:start + new]

        def norm(v, weight): return (v * torch.rsqrt(v.pow(2).mean(-1, keepdim=True) + 1e-6) * weight).to(BF16)

        def rotate(v):
            lo, hi = v[..., :32], v[..., 32:]
            return torch.cat([lo * cosine - hi * sine, hi * cosine + lo * sine], -1)
        for layer in range(c["layers"]):
            h = norm(x, w["norms"][2 * layer])
            qkv = (h.view(-1, c["hidden"]) @ w["qkv"][layer].t()).float() + w["qkv_bias"][layer]
            q, k, v = qkv.view(batch, new, heads + 2 * key_heads, 64).transpose(1, 2).split([heads, key_heads, key_heads], 1)
            q, k = rotate(q), rotate(k).repeat_interleave(heads // key_heads, 1)
            v = v.repeat_interleave(heads // key_heads, 1)
            if cache[layer] is not None:
                k, v = torch.cat([cache[layer][0], k], 2), torch.cat([cache[layer][1], v], 2)
            cache[layer] = (k, v)
            scores = torch.matmul(q.to(BF16), k.to(BF16).transpose(2, 3)).float() / 8
            if new > 1:
                scores.masked_fill_(torch.ones(new, k.shape[2]).triu(1 + k.shape[2] - new).bool(), -1e30)
            attended = torch.matmul(scores.softmax(-1).to(BF16), v.to(BF16)).transpose(1, 2).reshape(batch * new, -1)
            x = x + (attended @ w["out"][layer].t()).float().view(batch, new, -1)
            h = norm(x, w["norms"][2 * layer + 1])
            gate, up = (h.view(-1, c["hidden"]) @ w["gate_up"][layer].t()).float().chunk(2, -1)
            x = x + ((torch.nn.functional.silu(gate) * up).to(BF16) @ w["down"][layer].t()).float().view(batch, new, -1)
        return (norm(x[:, -1], w["norms"][-1]) @ w["embedding"].t()).float()

    def continuations(self, prompt, lasts, limit, temperature, stops, generator=None):
        """One continuation of prompt + [last] for each of lasts (or of the prompt alone where lasts is None); ends before any id of stops."""
        cache = [None] * self.c["layers"]
        if lasts is None:
            logits = self.forward(torch.tensor([prompt]), cache, 0)
            position, count = len(prompt), 1
        else:
            count = len(lasts)
            self.forward(torch.tensor([prompt]), cache, 0)
            cache = [(k.expand(count, -1, -1, -1).contiguous(), v.expand(count, -1, -1, -1).contiguous()) for k, v in cache]
            logits = self.forward(torch.tensor([[last] for last in lasts]), cache, len(prompt))
            position = len(prompt) + 1
        out, done = [[] for _ in range(count)], [False] * count
        for _ in range(limit):
            chosen = torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator).flatten().tolist() if temperature > 0 else logits.argmax(-1).tolist()
            for index, token in enumerate(chosen):
                done[index] = done[index] or token in stops
                if not done[index]:
                    out[index].append(token)
            if all(done) or position >= 2047:
                break
            logits = self.forward(torch.tensor([[token] for token in chosen]), cache, position)
            position += 1
        return out


class Vocabulary:
    """Ids to text, from tokenizer.json."""

    def __init__(self, folder):
        tokenizer = json.load(open(folder + "/tokenizer.json", encoding="utf-8"))
        names, extra = {}, 0
        for byte in range(256):
            printable = 33 <= byte <= 126 or 161 <= byte <= 172 or 174 <= byte
            names[chr(byte if printable else 256 + extra)] = byte
            extra += not printable
        self.bytes = {i: bytes(names[c] for c in token) for token, i in tokenizer["model"]["vocab"].items()}
        self.special = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
        self.bytes.update({i: content.encode() for content, i in self.special.items()})

    def decode(self, ids):
        return b"".join(self.bytes[i] for i in ids).decode("utf-8", "replace")
