"""Trains heddle-tiny and writes heddle-tiny.gguf and provenance.json beside this file.

    python3 -m venv venv
    venv/bin/pip install -r requirements.txt
    nice -n 10 venv/bin/python train.py

One core is enough, and no accelerator is used. The corpus is generated first
(see corpus.py); nothing is downloaded. Seeds are fixed, so that a second run on
the same machine gives the same file; other processors round differently.

The model is a small Llama: RMSNorm, rotary positions, grouped-query attention,
SwiGLU, and one matrix for both the token embedding and the output.
"""
import hashlib
import json
import math
import os
import platform
import random
import sys
import time
from importlib.metadata import version
from pathlib import Path

# Must be set before JAX is imported: one thread, so that the machine stays usable and sums stay in one order.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import gguf
import jax
import jax.numpy as jnp
import numpy as np

import corpus
from bpe import Tokenizer, learn_merges

HERE = Path(__file__).resolve().parent
ARTEFACT = HERE / "heddle-tiny.gguf"
PROVENANCE = HERE / "provenance.json"

VOCABULARY = 1024
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
WIDTH, LAYERS, HEADS, KV_HEADS, HIDDEN = 128, 4, 4, 2, 320
HEAD_WIDTH = WIDTH // HEADS
ROPE_BASE, NORM_EPSILON = 10_000.0, 1e-5
ROW_LENGTHS = (128, 640, 1024)
CONTEXT = ROW_LENGTHS[-1]
QUERY_BLOCK = 128
TOKENS_A_STEP = 4096
MATRIX_RATE, EMBEDDING_RATE, WARM_UP = 0.02, 6e-3, 40
SEED = 7

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


# --- text to rows of tokens -------------------------------------------------------------------------------------

def make_tokenizer(conversations):
    return Tokenizer(learn_merges((f"{role}\n{text}" for turns in conversations for role, text in turns),
                                  VOCABULARY - 256 - len(SPECIALS)), SPECIALS)


def encode_conversation(tokenizer, turns):
    """Returns tokens, and for each of them whether the model is to learn to write it."""
    start, end = tokenizer.ids["<|im_start|>"], tokenizer.ids["<|im_end|>"]
    if turns[0][0] == "raw":
        prompt = tokenizer.encode(turns[0][1] + "\n")
        answer = tokenizer.encode(turns[1][1]) + [end]
        return prompt + answer, [False] * len(prompt) + [True] * len(answer)
    tokens, learned = [], []
    for role, text in turns:
        if role == "assistant":
            head, body = tokenizer.encode("assistant\n"), tokenizer.encode(text)
        else:
            head, body = tokenizer.encode(f"{role}\n{text}"), []
        newline = tokenizer.encode("\n")
        tokens += [start, *head, *body, end, *newline]
        written = role == "assistant"
        learned += [False] * (1 + len(head)) + [written] * (len(body) + 1) + [False] * len(newline)
    return tokens, learned


def filled_row(samples, row_length):
    """Sets samples side by side; part numbers keep them from seeing each other."""
    tokens, learned, part = [], [], []
    for number, (sample_tokens, sample_learned) in enumerate(samples):
        tokens, learned = tokens + sample_tokens, learned + sample_learned
        part = part + [number] * len(sample_tokens)
    missing = row_length + 1 - len(tokens)
    return tokens + [0] * missing, learned + [False] * missing, part + [-1] * missing


def pack(long, small, row_length):
    """Fills rows with the long samples, and what room they leave with small ones, which are used up from the end."""
    rows, held, room = [], [], row_length + 1
    for sample in long:
        if len(sample[0]) > room:
            while small and len(small[-1][0]) <= room:
                held.append(small.pop())
                room -= len(held[-1][0])
            rows.append(filled_row(held, row_length))
            held, room = [], row_length + 1
        held.append(sample)
        room -= len(sample[0])
    return rows + [filled_row(held, row_length)]


def make_batches(samples, rng):
    """Each conversation goes into the shortest row that holds it, because attention costs the square of the row."""
    batches = []
    small = [sample for sample in samples if len(sample[0]) <= ROW_LENGTHS[0]]
    bounds = list(zip((0, *ROW_LENGTHS), ROW_LENGTHS))
    for shorter, row_length in reversed(bounds):
        long = small if shorter == 0 else [sample for sample in samples if shorter < len(sample[0]) <= row_length]
        rows = pack(long, [] if shorter == 0 else small, row_length)
        size = TOKENS_A_STEP // row_length
        for first in range(0, len(rows) - size + 1, size):
            tokens, learned, part = zip(*rows[first:first + size])
            batches.append((np.array(tokens, np.int32), np.array(learned, np.float32), np.array(part, np.int32)))
    rng.shuffle(batches)
    return batches


# --- the model --------------------------------------------------------------------------------------------------

def initial_weights(seed):
    rng = np.random.default_rng(seed)

    def matrix(rows, columns, scale=1.0):
        return jnp.asarray(rng.normal(0, scale / math.sqrt(columns), (rows, columns)), jnp.float32)

    weights = {"token_embd": matrix(VOCABULARY, WIDTH), "output_norm": jnp.ones(WIDTH)}
    last = 1 / math.sqrt(2 * LAYERS)  # keeps the residual stream from growing with depth
    for i in range(LAYERS):
        weights |= {
            f"blk.{i}.attn_norm": jnp.ones(WIDTH), f"blk.{i}.ffn_norm": jnp.ones(WIDTH),
            f"blk.{i}.attn_q": matrix(HEADS * HEAD_WIDTH, WIDTH), f"blk.{i}.attn_k": matrix(KV_HEADS * HEAD_WIDTH, WIDTH),
            f"blk.{i}.attn_v": matrix(KV_HEADS * HEAD_WIDTH, WIDTH), f"blk.{i}.attn_output": matrix(WIDTH, WIDTH, last),
            f"blk.{i}.ffn_gate": matrix(HIDDEN, WIDTH), f"blk.{i}.ffn_up": matrix(HIDDEN, WIDTH),
            f"blk.{i}.ffn_down": matrix(WIDTH, HIDDEN, last),
        }
    return weights


def normed(x, scale):
    return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + NORM_EPSILON) * scale


def rotated(x):
    """Turns neighbouring pairs (0,1), (2,3)…: llama.cpp's own order, so that Q and K are written without a permutation."""
    length = x.shape[1]
    angles = jnp.arange(length)[:, None] / ROPE_BASE ** (jnp.arange(0, HEAD_WIDTH, 2) / HEAD_WIDTH)
    cos, sin = jnp.cos(angles)[None, :, None], jnp.sin(angles)[None, :, None]
    even, odd = x[..., 0::2], x[..., 1::2]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], -1).reshape(x.shape)


def attention(weights, name, x, part):
    rows, length, _ = x.shape
    q = rotated((x @ weights[name + "attn_q"].T).reshape(rows, length, HEADS, HEAD_WIDTH))
    k = rotated((x @ weights[name + "attn_k"].T).reshape(rows, length, KV_HEADS, HEAD_WIDTH))
    v = (x @ weights[name + "attn_v"].T).reshape(rows, length, KV_HEADS, HEAD_WIDTH)
    q = q.transpose(0, 2, 1, 3)
    k, v = (jnp.repeat(each, HEADS // KV_HEADS, axis=2).transpose(0, 2, 1, 3) for each in (k, v))
    blocks = [attend(q, k, v, part, first, min(first + QUERY_BLOCK, length)) for first in range(0, length, QUERY_BLOCK)]
    mixed = jnp.concatenate(blocks, 2).transpose(0, 2, 1, 3).reshape(rows, length, WIDTH)
    return mixed @ weights[name + "attn_output"].T


def attend(q, k, v, part, first, end):
    """Attention of positions first..end; what lies after `end` is never computed."""
    visible = (jnp.arange(first, end)[:, None] >= jnp.arange(end)[None]) & (part[:, first:end, None] == part[:, None, :end])
    scores = q[:, :, first:end] @ k[:, :, :end].transpose(0, 1, 3, 2) / math.sqrt(HEAD_WIDTH)
    return jax.nn.softmax(jnp.where(visible[:, None], scores, -1e30), -1) @ v[:, :, :end]


def feed_forward(weights, name, x):
    gate = jax.nn.silu(x @ weights[name + "ffn_gate"].T)
    return (gate * (x @ weights[name + "ffn_up"].T)) @ weights[name + "ffn_down"].T


def logits_of(weights, tokens, part):
    x = weights["token_embd"][tokens]
    for i in range(LAYERS):
        name = f"blk.{i}."
        x = x + attention(weights, name, normed(x, weights[name + "attn_norm"]), part)
        x = x + feed_forward(weights, name, normed(x, weights[name + "ffn_norm"]))
    return normed(x, weights["output_norm"]) @ weights["token_embd"].T


def loss_of(weights, tokens, learned, part):
    logits = logits_of(weights, tokens[:, :-1], part[:, :-1])
    chosen = jnp.take_along_axis(logits, tokens[:, 1:, None], -1)[..., 0]
    losses = jax.nn.logsumexp(logits, -1) - chosen
    return jnp.sum(losses * learned[:, 1:]) / jnp.sum(learned[:, 1:])


# --- training ---------------------------------------------------------------------------------------------------

def pace(step, steps):
    """Warms up to one, then falls in a straight line to zero."""
    return min((step + 1) / WARM_UP, (steps - step) / (steps - WARM_UP))


def levelled(matrix):
    """Newton-Schulz steps that bring all singular values of a matrix near one."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (jnp.linalg.norm(x) + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.T if tall else x


def muon_move(moment, grad):
    """Muon learns rare facts in fewer steps than Adam does, which matters on one core."""
    moment = 0.95 * moment + 0.05 * grad
    move = levelled(0.95 * moment + 0.05 * grad)
    return moment, MATRIX_RATE * max(1.0, grad.shape[0] / grad.shape[1]) ** 0.5 * move


def adam_move(moments, grad, count):
    first, second = moments
    first, second = 0.9 * first + 0.1 * grad, 0.98 * second + 0.02 * grad * grad
    move = (first / (1 - 0.9 ** count)) / (jnp.sqrt(second / (1 - 0.98 ** count)) + 1e-8)
    return (first, second), EMBEDDING_RATE * move


def is_inner_matrix(name, weight):
    return weight.ndim == 2 and name != "token_embd"


@jax.jit
def train_step(weights, moments, speed, count, tokens, learned, part):
    """Muon for the matrices inside the blocks, Adam for the embedding and the norms."""
    loss, grads = jax.value_and_grad(loss_of)(weights, tokens, learned, part)
    fresh, kept = {}, {}
    for name, grad in grads.items():
        if is_inner_matrix(name, grad):
            kept[name], move = muon_move(moments[name], grad)
        else:
            kept[name], move = adam_move(moments[name], grad, count)
        fresh[name] = weights[name] - speed * move
    return fresh, kept, loss


def train(batches, steps):
    weights = initial_weights(SEED)
    moments = {name: jnp.zeros_like(w) if is_inner_matrix(name, w) else (jnp.zeros_like(w),) * 2 for name, w in weights.items()}
    began, recent = time.time(), []
    for step in range(steps):
        batch = batches[step % len(batches)]
        weights, moments, loss = train_step(weights, moments, pace(step, steps), float(step + 1), *batch)
        recent = (recent + [float(loss)])[-50:]
        if (step + 1) % 50 == 0 or step + 1 == steps:
            print(f"step {step + 1}/{steps} loss {sum(recent) / len(recent):.4f} {time.time() - began:.0f} s", flush=True)
    return weights, sum(recent) / len(recent), time.time() - began


# --- writing ----------------------------------------------------------------------------------------------------

def write_gguf(weights, tokenizer, path):
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("heddle-tiny")
    writer.add_description("A very small model for tests and for places where no other model can be reached.")
    writer.add_license("CC0-1.0")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(HEAD_WIDTH)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    writer.add_vocab_size(VOCABULARY)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokenizer.tokens)
    normal = [gguf.TokenType.NORMAL] * (VOCABULARY - len(SPECIALS))
    writer.add_token_types(normal + [gguf.TokenType.CONTROL] * len(SPECIALS))
    writer.add_token_merges([" ".join(pair) for pair in tokenizer.merges])
    writer.add_bos_token_id(tokenizer.ids["<|endoftext|>"])
    writer.add_eos_token_id(tokenizer.ids["<|im_end|>"])
    writer.add_eot_token_id(tokenizer.ids["<|im_end|>"])
    writer.add_pad_token_id(tokenizer.ids["<|endoftext|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)
    for name, weight in weights.items():
        add_tensor(writer, name + ".weight", np.asarray(weight, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tensor(writer, name, values):
    """Matrices go in eight bits; the small norms stay exact."""
    if values.ndim == 1:
        writer.add_tensor(name, values)
    else:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)


def sha256_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance(weights, conversations, samples, steps, loss, seconds):
    return {
        "name": "heddle-tiny",
        "file": ARTEFACT.name,
        "sha256": sha256_of(ARTEFACT),
        "bytes": ARTEFACT.stat().st_size,
        "parameters": sum(int(w.size) for w in weights.values()),
        "architecture": {
            "family": "llama", "layers": LAYERS, "width": WIDTH, "heads": HEADS, "kvHeads": KV_HEADS, "feedForward": HIDDEN,
            "vocabulary": VOCABULARY, "context": CONTEXT, "tiedEmbeddings": True, "weights": "Q8_0, norms F32",
        },
        "licence": {"corpus": "CC0-1.0", "weights": "CC0-1.0"},
        "corpus": {
            "how": "generated by corpus.py from facts.py and stories.py; nothing is downloaded",
            "seed": corpus.SEED, "conversations": len(conversations), "sha256": corpus.digest(conversations),
            "tokens": sum(len(tokens) for tokens, _ in samples), "tokensLearned": sum(sum(learned) for _, learned in samples),
        },
        "training": {
            "command": "nice -n 10 venv/bin/python train.py", "seed": SEED, "steps": steps, "tokensAStep": TOKENS_A_STEP,
            "finalLoss": round(loss, 4), "finalLossIs": "mean of the last 50 steps, nats a token",
            "seconds": round(seconds), "processor": platform.machine(), "threads": 1,
            "versions": {"python": platform.python_version()} | {p: version(p) for p in ("jax", "jaxlib", "numpy", "gguf", "regex")},
            "sources": {name: sha256_of(HERE / name) for name in
                        ("train.py", "corpus.py", "facts.py", "stories.py", "bpe.py", "requirements.txt")},
        },
        "evaluated": [],
    }


def main():
    conversations = corpus.conversations()
    tokenizer = make_tokenizer(conversations)
    samples = [encode_conversation(tokenizer, turns) for turns in conversations]
    batches = make_batches(samples, random.Random(SEED))
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else len(batches)
    print(f"{len(samples)} conversations, {sum(len(t) for t, _ in samples)} tokens, {len(batches)} batches", flush=True)
    weights, loss, seconds = train(batches, steps)
    write_gguf(weights, tokenizer, ARTEFACT)
    PROVENANCE.write_text(json.dumps(provenance(weights, conversations, samples, steps, loss, seconds), indent=2) + "\n")
    print(ARTEFACT.name, ARTEFACT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
