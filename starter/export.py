"""Writes a checkpoint as an ordinary Hugging Face folder: config.json, generation_config.json, model.safetensors (BF16).

Usage: python3 export.py CHECKPOINT FOLDER [weights|average]. Each file is written beside and renamed.
"""
import json
import os
import sys

import torch

checkpoint, folder, which = sys.argv[1], sys.argv[2], (sys.argv[3:] or ["weights"])[0]
saved = torch.load(checkpoint)
weights, c = saved[which], saved["config"]
FIRST_SPECIAL = c["vocabulary"] - 18

tensors = {"model.embed_tokens.weight": weights["embedding"], "model.norm.weight": weights["norms"][-1]}
q, k = c["heads"] * 64, c["key_heads"] * 64
for layer in range(c["layers"]):
    prefix = f"model.layers.{layer}."
    tensors[prefix + "input_layernorm.weight"] = weights["norms"][2 * layer]
    tensors[prefix + "post_attention_layernorm.weight"] = weights["norms"][2 * layer + 1]
    for name, start, end in (("q_proj", 0, q), ("k_proj", q, q + k), ("v_proj", q + k, q + 2 * k)):
        tensors[prefix + f"self_attn.{name}.weight"] = weights["qkv"][layer, start:end]
        tensors[prefix + f"self_attn.{name}.bias"] = weights["qkv_bias"][layer, start:end]
    tensors[prefix + "self_attn.o_proj.weight"] = weights["out"][layer]
    tensors[prefix + "mlp.gate_proj.weight"] = weights["gate_up"][layer, :c["inner"]]
    tensors[prefix + "mlp.up_proj.weight"] = weights["gate_up"][layer, c["inner"]:]
    tensors[prefix + "mlp.down_proj.weight"] = weights["down"][layer]


def write(name, data):
    path = os.path.join(folder, name)
    with open(path + ".partial", "wb") as file:
        file.write(data)
    os.replace(path + ".partial", path)


header, body, at = {"__metadata__": {"format": "pt"}}, [], 0
for name in sorted(tensors):
    data = tensors[name].to(torch.bfloat16).contiguous().view(torch.int16).numpy().tobytes()
    header[name] = {"dtype": "BF16", "shape": list(tensors[name].shape), "data_offsets": [at, at + len(data)]}
    body.append(data)
    at += len(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
os.makedirs(folder, exist_ok=True)
write("model.safetensors", len(text).to_bytes(8, "little") + text + b"".join(body))
config = {
    "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": c["vocabulary"], "hidden_size": c["hidden"], "intermediate_size": c["inner"],
    "num_hidden_layers": c["layers"], "num_attention_heads": c["heads"], "num_key_value_heads": c["key_heads"], "hidden_act": "silu",
    "max_position_embeddings": 2048, "rms_norm_eps": 1e-6, "rope_theta": c["theta"], "rope_scaling": None, "tie_word_embeddings": True, "attention_dropout": 0.0,
    "use_sliding_window": False, "sliding_window": None, "max_window_layers": c["layers"], "initializer_range": 0.02, "use_cache": True,
    "bos_token_id": None, "eos_token_id": FIRST_SPECIAL, "pad_token_id": FIRST_SPECIAL + 4, "torch_dtype": "bfloat16", "transformers_version": "4.46.0",
}
write("config.json", (json.dumps(config, indent=2) + "\n").encode())
generation = {"eos_token_id": FIRST_SPECIAL, "pad_token_id": FIRST_SPECIAL + 4, "max_length": 2048, "transformers_version": "4.46.0"}
write("generation_config.json", (json.dumps(generation, indent=2) + "\n").encode())
print(f"{folder}: {sum(t.numel() for t in tensors.values()):,} parameters, {saved['state']['tokens']:,} tokens seen")
