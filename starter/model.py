"""The Qwen2 network with its backward pass written out: bf16 GEMMs through oneDNN, everything else in kernels.cpp.

Invariant: buffers are allocated once (page faults cost more than the arithmetic here), so a step must not run twice at a time.
"""
import ctypes
import math

import torch

BF16 = torch.bfloat16


class Kernels:
    """kernels.so with tensors passed as pointers, floats as C floats, ints as C ints."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)

    def __getattr__(self, name):
        function = getattr(self.library, name)
        function.restype = None

        def call(*arguments):
            function(*[ctypes.c_void_p(a.data_ptr()) if isinstance(a, torch.Tensor) else ctypes.c_void_p(None) if a is None
                       else ctypes.c_float(a) if isinstance(a, float) else ctypes.c_int64(a) for a in arguments])
        setattr(self, name, call)
        return call


class Qwen2:
    """config: hidden, layers, heads, key_heads, inner, vocabulary, theta. Head width is 64."""

    def __init__(self, config, kernels, batch, length, seed=1):
        c, self.c, self.k, self.batch, self.length = config, config, kernels, batch, length
        self.rows = batch * length
        generator = torch.Generator().manual_seed(seed)
        width = (c["heads"] + 2 * c["key_heads"]) * 64
        shapes = {"embedding": (c["vocabulary"], c["hidden"]), "qkv": (c["layers"], width, c["hidden"]), "out": (c["layers"], c["hidden"], c["heads"] * 64),
                  "gate_up": (c["layers"], 2 * c["inner"], c["hidden"]), "down": (c["layers"], c["hidden"], c["inner"]),
                  "qkv_bias": (c["layers"], width), "norms": (2 * c["layers"] + 1, c["hidden"])}
        spread = {"embedding": 0.02, "qkv": 0.5 / math.sqrt(c["hidden"]), "gate_up": 0.5 / math.sqrt(c["hidden"]),
                  "out": 0.5 / math.sqrt(c["hidden"] * 2 * c["layers"]), "down": 0.5 / math.sqrt(c["inner"] * 2 * c["layers"])}
        self.weights = {n: torch.randn(s, generator=generator) * spread[n] if n in spread else torch.zeros(s) if n == "qkv_bias" else torch.ones(s) for n, s in shapes.items()}
        self.narrow = {n: self.weights[n].to(BF16) for n in spread}
        # Matrix gradients leave the GEMM in bf16; the embedding (two sources), norms and biases add up in float.
        self.gradients = {n: torch.zeros(s, dtype=BF16 if n in spread and n != "embedding" else torch.float32) for n, s in shapes.items()}
        self.allocate()

    def allocate(self):
        c, rows = self.c, self.rows
        width = (c["heads"] + 2 * c["key_heads"]) * 64
        def narrow(*shape): return torch.zeros(shape, dtype=BF16)
        self.x = torch.zeros(2 * c["layers"] + 2, rows, c["hidden"])
        self.scale = torch.zeros(2 * c["layers"] + 1, rows)
        self.normed = narrow(2 * c["layers"] + 1, rows, c["hidden"])
        self.qkv = narrow(c["layers"], rows, width)
        self.attended = narrow(c["layers"], rows, c["heads"] * 64)
        self.logsum = torch.zeros(c["layers"], self.batch, c["heads"], self.length)
        self.gate_up = narrow(c["layers"], rows, 2 * c["inner"])
        self.h = narrow(c["layers"], rows, c["inner"])
        self.branch = narrow(rows, c["hidden"])
        self.dx = torch.zeros(rows, c["hidden"])
        self.dx_narrow = narrow(rows, c["hidden"])
        self.dnormed = narrow(rows, c["hidden"])
        self.dh = narrow(rows, c["inner"])
        self.dgate_up = narrow(rows, 2 * c["inner"])
        self.dqkv = narrow(rows, width)
        self.dattended = narrow(rows, c["heads"] * 64)
        self.chunk = min(2048, rows)
        self.logits = narrow(self.chunk, c["vocabulary"])
        self.dembedding = narrow(c["vocabulary"], c["hidden"])
        self.loss = torch.zeros(rows)
        angles = torch.outer(torch.arange(self.length).float(), c["theta"] ** (-torch.arange(0, 64, 2).float() / 64))
        self.cosine, self.sine = angles.cos().contiguous(), angles.sin().contiguous()

    def step(self, ids, targets, weight, train=True):
        """ids, targets int32 [batch * length], weight float [batch * length] (already divided by its sum). Returns losses in nats [batch * length];
        with train, leaves gradients in self.gradients."""
        c, k, rows, w = self.c, self.k, self.rows, self.narrow
        hidden, inner, heads, key_heads = c["hidden"], c["inner"], c["heads"], c["key_heads"]
        width, norms = (heads + 2 * key_heads) * 64, self.weights["norms"]
        k.embed_forward(self.weights["embedding"], ids, self.x[0], rows, hidden)
        branch = None
        for layer in range(c["layers"]):
            a, b = 2 * layer, 2 * layer + 1
            k.rmsnorm_forward(self.x[a], branch, self.x[a], norms[a], self.normed[a], self.scale[a], rows, hidden)
            torch.mm(self.normed[a], w["qkv"][layer].t(), out=self.qkv[layer])
            k.bias_rope_forward(self.qkv[layer], self.weights["qkv_bias"][layer], self.cosine, self.sine, rows, width, heads + key_heads, self.length)
            k.attention_forward(self.qkv[layer], self.attended[layer], self.logsum[layer], self.batch, self.length, heads, key_heads)
            torch.mm(self.attended[layer], w["out"][layer].t(), out=self.branch)
            k.rmsnorm_forward(self.x[a], self.branch, self.x[b], norms[b], self.normed[b], self.scale[b], rows, hidden)
            torch.mm(self.normed[b], w["gate_up"][layer].t(), out=self.gate_up[layer])
            k.swiglu_forward(self.gate_up[layer], self.h[layer], rows, inner)
            torch.mm(self.h[layer], w["down"][layer].t(), out=self.branch)
            k.rmsnorm_forward(self.x[b], self.branch, self.x[b + 1], norms[b + 1], self.normed[b + 1], self.scale[b + 1], rows, hidden)
            branch = None
        last = 2 * c["layers"]
        if train:
            for name in ("embedding", "norms", "qkv_bias"):
                self.gradients[name].zero_()
        for start in range(0, rows, self.chunk):
            part = slice(start, start + self.chunk)
            torch.mm(self.normed[last][part], w["embedding"].t(), out=self.logits)
            k.cross_entropy(self.logits, targets[part], weight[part], self.loss[part], self.chunk, c["vocabulary"])
            if train:
                torch.mm(self.logits, w["embedding"], out=self.dnormed[part])
                torch.mm(self.logits.t(), self.normed[last][part], out=self.dembedding)
                k.add_narrow(self.gradients["embedding"], self.dembedding, self.dembedding.numel())
        if train:
            self.backward(ids)
        return self.loss

    def backward(self, ids):
        c, k, rows, w, g = self.c, self.k, self.rows, self.narrow, self.gradients
        hidden, inner, heads, key_heads = c["hidden"], c["inner"], c["heads"], c["key_heads"]
        width, norms, last = (heads + 2 * key_heads) * 64, self.weights["norms"], 2 * c["layers"]
        self.dx.zero_()
        k.rmsnorm_backward(self.x[last], self.dnormed, norms[last], self.scale[last], self.dx, self.dx_narrow, g["norms"][last], rows, hidden)
        for layer in reversed(range(c["layers"])):
            a, b = 2 * layer, 2 * layer + 1
            torch.mm(self.dx_narrow, w["down"][layer], out=self.dh)
            torch.mm(self.dx_narrow.t(), self.h[layer], out=g["down"][layer])
            k.swiglu_backward(self.gate_up[layer], self.dh, self.dgate_up, rows, inner)
            torch.mm(self.dgate_up, w["gate_up"][layer], out=self.dnormed)
            torch.mm(self.dgate_up.t(), self.normed[b], out=g["gate_up"][layer])
            k.rmsnorm_backward(self.x[b], self.dnormed, norms[b], self.scale[b], self.dx, self.dx_narrow, g["norms"][b], rows, hidden)
            torch.mm(self.dx_narrow, w["out"][layer], out=self.dattended)
            torch.mm(self.dx_narrow.t(), self.attended[layer], out=g["out"][layer])
            k.attention_backward(self.qkv[layer], self.attended[layer], self.dattended, self.logsum[layer], self.dqkv, self.batch, self.length, heads, key_heads)
            k.bias_rope_backward(self.dqkv, g["qkv_bias"][layer], self.cosine, self.sine, rows, width, heads + key_heads, self.length)
            torch.mm(self.dqkv, w["qkv"][layer], out=self.dnormed)
            torch.mm(self.dqkv.t(), self.normed[a], out=g["qkv"][layer])
            k.rmsnorm_backward(self.x[a], self.dnormed, norms[a], self.scale[a], self.dx, self.dx_narrow, g["norms"][a], rows, hidden)
        k.embed_backward(self.dx, ids, g["embedding"], rows, hidden)
