"""A theme model as bytes: numbers and JSON, never code that runs when it is opened."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import numpy as np
from scipy import sparse

from family_voice.themes.features import Block
from family_voice.themes.learning import VERSION, Embed, Eyes, Model, ModelUnusable
from family_voice.themes.prior import Prior
from family_voice.themes.views import Seen

MARK = b"family-voice theme model 1\n"
DIGEST = 32
PARTS = ("data", "indices", "indptr")  # of a sparse matrix
BROKEN = "This theme model is broken. Have it learned again: `family-voice themes learn`."


def to_bytes(model: Model) -> bytes:
    """The model, to be kept where families' words may be kept: its vocabulary is theirs."""
    eyes, rows = model.eyes, model.rows
    arrays: dict[str, Any] = {
        "words_idf": eyes.words.idf,
        "pieces_idf": eyes.pieces.idf,
        "question": rows.question,
        "codebook": rows.codebook,
        "counts": model.counts,
        "weighing": model.weighing,
        "cuts": model.cuts,
    }
    if rows.meaning is not None:
        arrays["meaning"] = rows.meaning
    for name, matrix in _matrices(eyes.prior, rows).items():
        arrays |= {f"{name}_{part}": getattr(matrix, part) for part in PARTS}
    arrays |= {f"learned_{at}": each for at, each in enumerate(model.learned)}
    told = {
        "codebook_version": model.codebook_version,
        "data_hash": model.data_hash,
        "version": model.version,
        "codes": model.codes,
        "always_one": model.always_one,
        "words": eyes.words.names,
        "pieces": eyes.pieces.names,
        "questions": eyes.questions,
        "embed": eyes.embed.name if eyes.embed else None,
        "sharpness": model.sharpness,
        "texts": model.texts,
    }
    out = io.BytesIO()
    arrays["told"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    np.savez_compressed(out, allow_pickle=False, **arrays)
    kept = out.getvalue()
    return MARK + hashlib.sha256(kept).digest() + kept


def from_bytes(
    kept: bytes, *, codebook_version: int | None = None, embed: Embed | None = None
) -> Model:
    """The model that was kept.

    Args:
        kept: what `to_bytes` gave.
        codebook_version: the codebook that is in force; None if it does not matter.
        embed: the embedding model that is installed, if there is one.

    Raises:
        ModelUnusable: it is broken, of another way of learning, made for another version of the
            codebook, or needs an embedding model that is not there.
    """
    begins = len(MARK) + DIGEST
    digest, body = kept[len(MARK) : begins], kept[begins:]
    if not kept.startswith(MARK) or hashlib.sha256(body).digest() != digest:
        raise ModelUnusable(BROKEN)
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            model = _model({name: arrays[name] for name in arrays.files}, embed)
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile):
        raise ModelUnusable(BROKEN) from None
    if codebook_version is not None and model.codebook_version != codebook_version:
        raise ModelUnusable(
            f"This theme model was made for version {model.codebook_version} of the codebook, and "
            f"version {codebook_version} is in force. Have it learned again."
        )
    return model


def _model(arrays: dict[str, Any], embed: Embed | None) -> Model:
    told = json.loads(arrays["told"].tobytes())
    if told["version"] != VERSION:
        raise ModelUnusable(
            "This theme model was learned in an earlier way than this program's. Have it learned "
            "again from the same texts."
        )
    wanted = told["embed"]
    if wanted and (embed is None or embed.name != wanted):
        raise ModelUnusable(
            f"This theme model was made with the embedding model {wanted}, which is not installed "
            "here. Install the extra: pip install 'family-voice[embeddings]', or learn without it."
        )
    words = Block(tuple(told["words"]), arrays["words_idf"])
    pieces = Block(tuple(told["pieces"]), arrays["pieces_idf"])
    codes, texts = len(told["codes"]), len(arrays["question"])

    def matrix(name: str, rows: int, columns: int) -> Any:
        parts = (arrays[f"{name}_{part}"] for part in PARTS)
        return sparse.csr_matrix(tuple(parts), shape=(rows, columns))

    prior = Prior(
        matrix("note_words", codes, len(words.names)),
        matrix("note_pieces", codes, len(pieces.names)),
    )
    rows = Seen(
        matrix("row_words", texts, len(words.names)),
        matrix("row_pieces", texts, len(pieces.names)),
        arrays["question"],
        arrays["codebook"],
        arrays["meaning"] if wanted else None,
    )
    slope, shift = told["sharpness"]
    learned = sorted(name for name in arrays if name.startswith("learned_"))
    return Model(
        codebook_version=told["codebook_version"],
        data_hash=told["data_hash"],
        version=told["version"],
        codes=tuple(told["codes"]),
        always_one=told["always_one"],
        eyes=Eyes(words, pieces, tuple(told["questions"]), prior, embed if wanted else None),
        rows=rows,
        learned=tuple(arrays[name] for name in learned),
        counts=arrays["counts"],
        texts=told["texts"],
        weighing=arrays["weighing"],
        sharpness=(slope, shift),
        cuts=arrays["cuts"],
    )


def _matrices(prior: Prior, rows: Seen) -> dict[str, Any]:
    return {
        "note_words": prior.words,
        "note_pieces": prior.pieces,
        "row_words": rows.words,
        "row_pieces": rows.pieces,
    }
