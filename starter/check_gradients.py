"""Compares loss and gradients of model.py with PyTorch's autograd in float on a small network. Usage: python3 check_gradients.py KERNELS_SO"""
import sys

import torch

from model import Kernels, Qwen2

torch.manual_seed(0)
config = {"hidden": 256, "layers": 2, "heads": 4, "key_heads": 2, "inner": 320, "vocabulary": 512, "theta": 10000.0}
batch, length = 2, 128
model = Qwen2(config, Kernels(sys.argv[1]), batch, length)
model.weights["qkv_bias"].normal_(std=0.1)
model.weights["norms"].add_(0.1 * torch.randn_like(model.weights["norms"]))
model.weights["embedding"].mul_(20)
model.narrow["embedding"].copy_(model.weights["embedding"])
ids = torch.randint(0, 512, (batch * length,), dtype=torch.int32)
targets = torch.randint(0, 512, (batch * length,), dtype=torch.int32)
weight = torch.full((batch * length,), 1 / (batch * length))
loss = model.step(ids, targets, weight).mean()

reference = {name: (model.narrow[name].float() if name in model.narrow else value.clone()).requires_grad_() for name, value in model.weights.items()}


def norm(x, w): return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w


def rotate(x):
    lo, hi = x[..., :32], x[..., 32:]
    return torch.cat([lo * model.cosine - hi * model.sine, hi * model.cosine + lo * model.sine], -1)


x = torch.nn.functional.embedding(ids.long(), reference["embedding"])
for layer in range(config["layers"]):
    qkv = norm(x, reference["norms"][2 * layer]) @ reference["qkv"][layer].t() + reference["qkv_bias"][layer]
    q, key, value = qkv.view(batch, length, 8, 64).transpose(1, 2).split([4, 2, 2], 1)
    q, key = rotate(q), rotate(key).repeat_interleave(2, 1)
    scores = (q @ key.transpose(2, 3) / 8).masked_fill(torch.ones(length, length).triu(1).bool(), -1e30)
    attended = (scores.softmax(-1) @ value.repeat_interleave(2, 1)).transpose(1, 2).reshape(batch * length, 256)
    x = x + attended @ reference["out"][layer].t()
    gate, up = (norm(x, reference["norms"][2 * layer + 1]) @ reference["gate_up"][layer].t()).chunk(2, -1)
    x = x + (torch.nn.functional.silu(gate) * up) @ reference["down"][layer].t()
expected = torch.nn.functional.cross_entropy(norm(x, reference["norms"][-1]) @ reference["embedding"].t(), targets.long())
expected.backward()
print(f"loss {loss:.5f}, expected {expected:.5f}")
worst = abs(loss - expected).item()
for name, gradient in model.gradients.items():
    error = ((gradient.float() - reference[name].grad).norm() / reference[name].grad.norm()).item()
    print(f"{name:10} relative error {error:.4f}")
    worst = max(worst, error)
sys.exit(0 if worst < 0.03 else 1)
