"""Byte-level BPE in the GPT-2 manner: all 256 bytes, then merges, then special tokens.

The text is split as llama.cpp splits it for `tokenizer.ggml.pre = "smollm"`:
every digit alone, then the GPT-2 pattern.
"""
import math
from collections import Counter
from functools import lru_cache

import regex

DIGIT_OR_NOT = regex.compile(r"\p{N}|[^\p{N}]+")
GPT2_PIECES = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")

RARE = 60


def byte_alphabet():
    """GPT-2's printable stand-in for each byte."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    stand_ins = {byte: chr(byte) for byte in printable}
    spare = 0
    for byte in range(256):
        if byte not in stand_ins:
            stand_ins[byte] = chr(256 + spare)
            spare += 1
    return stand_ins


BYTE_TO_CHAR = byte_alphabet()


def pieces(text):
    for part in DIGIT_OR_NOT.findall(text):
        yield from GPT2_PIECES.findall(part)


def spell(piece):
    return tuple(BYTE_TO_CHAR[byte] for byte in piece.encode("utf-8"))


def join_pair(symbols, pair):
    joined, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair:
            joined.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            joined.append(symbols[i])
            i += 1
    return tuple(joined)


def learn_merges(texts, how_many):
    """Counts enter by their square root, so that a rare fact's word becomes a token too, and is easy to look up.

    What is seen only a few times is noise, and would only waste merges.
    """
    counts = Counter(piece for text in texts for piece in pieces(text))
    words = {spell(piece): math.sqrt(count) for piece, count in counts.items() if count >= RARE}
    merges = []
    while len(merges) < how_many:
        pairs = Counter()
        for symbols, count in words.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += count
        # Ties are broken by the pair itself, so that the result does not hang on dictionary order.
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        words = {join_pair(symbols, best): count for symbols, count in words.items()}
    return merges


class Tokenizer:
    def __init__(self, merges, specials):
        self.merges = merges
        self.specials = specials
        alphabet = [BYTE_TO_CHAR[byte] for byte in range(256)]
        self.tokens = alphabet + ["".join(pair) for pair in merges] + list(specials)
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.encode_piece = lru_cache(maxsize=200_000)(self._encode_piece)

    def _encode_piece(self, piece):
        symbols = spell(piece)
        while len(symbols) > 1:
            best = min(zip(symbols, symbols[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if best not in self.ranks:
                break
            symbols = join_pair(symbols, best)
        return tuple(self.ids[symbol] for symbol in symbols)

    def encode(self, text):
        """Plain text only: special tokens are never read from text."""
        return [token for piece in pieces(text) for token in self.encode_piece(piece)]
