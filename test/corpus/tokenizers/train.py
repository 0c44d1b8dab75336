"""Trains the small vocabularies that the tokenizer tests share, once; their results are committed.

Run at the root of the repository, with `pip install tokenizers sentencepiece`:
    python test/corpus/tokenizers/train.py
"""

import gzip
import io
import json
import pathlib

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).parent
SOURCES = ["test/corpus/*.ts", "README.md", "CONTRIBUTING.md", "server/tokens/**/*.ts", "esbuild.js"]
LETTERS = 600


def lines():
    for pattern in SOURCES:
        for path in sorted(pathlib.Path(".").glob(pattern)):
            if path.name == "tables.ts":
                continue
            for line in path.read_text(encoding="utf-8").splitlines():
                yield line.encode("utf-8", "ignore").decode().replace("\\n", "\n").replace("\\t", "\t")


def write(name, content):
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def trained(model, trainer, normalizer=None, pre_tokenizer=None):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(lines(), trainer)
    return json.loads(tokenizer.to_str())["model"]


def byte_level():
    trainer = trainers.BpeTrainer(
        vocab_size=1800, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    split = pre_tokenizers.ByteLevel(add_prefix_space=False)
    model = trained(models.BPE(), trainer, pre_tokenizer=split)
    write("byteLevel", {"vocab": model["vocab"], "merges": model["merges"]})


def clip():
    trainer = trainers.BpeTrainer(
        vocab_size=1500,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        end_of_word_suffix="</w>",
        special_tokens=["<|startoftext|>", "<|endoftext|>"],
        show_progress=False,
    )
    split = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.ByteLevel(False)])
    lower = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    model = trained(models.BPE(end_of_word_suffix="</w>"), trainer, lower, split)
    vocab = model["vocab"]
    for letter in pre_tokenizers.ByteLevel.alphabet():
        vocab.setdefault(letter + "</w>", len(vocab))
    write("endOfWord", {"vocab": vocab, "merges": model["merges"]})


def continuing_prefix():
    trainer = trainers.BpeTrainer(
        vocab_size=1000, limit_alphabet=200, continuing_subword_prefix="##", special_tokens=["[UNK]"], show_progress=False
    )
    model = trained(
        models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"),
        trainer,
        pre_tokenizer=pre_tokenizers.Whitespace(),
    )
    write("continuingPrefix", {"vocab": model["vocab"], "merges": model["merges"]})


def byte_fallback():
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=2000, limit_alphabet=LETTERS, special_tokens=special, show_progress=False
    )
    model = trained(
        models.BPE(unk_token="<unk>"), trainer, pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="always")
    )
    write("byteFallback", {"vocab": model["vocab"], "merges": model["merges"]})


def word_piece():
    trainer = trainers.WordPieceTrainer(
        vocab_size=1500,
        limit_alphabet=LETTERS,
        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        show_progress=False,
    )
    model = trained(
        models.WordPiece(unk_token="[UNK]"),
        trainer,
        normalizers.BertNormalizer(lowercase=False),
        pre_tokenizers.BertPreTokenizer(),
    )
    write("wordPiece", {"vocab": model["vocab"]})


def unigram():
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(line for line in lines() if line.strip()),
        model_writer=written,
        model_type="unigram",
        vocab_size=2000,
        character_coverage=0.995,
        normalization_rule_name="nmt_nfkc",
        num_threads=1,
        minloglevel=2,
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(written.getvalue())
    (HERE / "unigram.model.gz").write_bytes(gzip.compress(written.getvalue(), mtime=0))
    write("unigram", {"vocab": [[piece.piece, piece.score] for piece in proto.pieces]})


if __name__ == "__main__":
    byte_level()
    clip()
    continuing_prefix()
    byte_fallback()
    word_piece()
    unigram()
