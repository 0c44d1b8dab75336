"""Tiny seeded encoder-decoders, and their three kinds of attention weights.

For every entry of CASES it writes, in a folder of that name under `pairs/`,
  config.json, model.safetensors  as Hugging Face transformers saves them (float32)
  attentions.bin                  float32 little-endian: the encoder's [layer, head, query, key],
                                  the decoder's, and those from the decoder to the encoder
and one `cases.json` with the token ids and sizes of all of them.

The two texts have different lengths, and the two stacks, where a configuration allows it,
different numbers of layers and heads. Weights are drawn as in make_architectures.py, those of T5 and
its kin narrower: they do not scale their products, and float32 rounds large scores by more.

Usage (Python 3.11; torch, transformers, numpy, safetensors):
  python test/reference/make_pairs.py
"""

import json
import pathlib
import shutil

import numpy as np
import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent / "pairs"
VOCABULARY = 48
SOURCE = 13
TARGET = 9

T5 = dict(
    vocab_size=VOCABULARY,
    d_model=24,
    d_kv=8,
    d_ff=40,
    num_layers=2,
    num_decoder_layers=3,
    num_heads=4,
    decoder_start_token_id=0,
)
BART = dict(
    vocab_size=VOCABULARY,
    d_model=24,
    encoder_layers=2,
    decoder_layers=3,
    encoder_attention_heads=4,
    decoder_attention_heads=3,
    encoder_ffn_dim=40,
    decoder_ffn_dim=36,
    max_position_embeddings=32,
    decoder_start_token_id=2,
)

CASES = {
    "t5": (
        "T5ForConditionalGeneration",
        "T5Config",
        dict(T5, relative_attention_num_buckets=12, relative_attention_max_distance=9),
    ),
    "mt5": ("MT5ForConditionalGeneration", "MT5Config", T5),
    "umt5": ("UMT5ForConditionalGeneration", "UMT5Config", T5),
    "bart": ("BartForConditionalGeneration", "BartConfig", BART),
    "bart-scaled": ("BartModel", "BartConfig", dict(BART, scale_embedding=True, activation_function="relu")),
    "mbart": ("MBartForConditionalGeneration", "MBartConfig", dict(BART, scale_embedding=True)),
    "plbart": ("PLBartForConditionalGeneration", "PLBartConfig", dict(BART, scale_embedding=True)),
}


def draw(model, seed, spread):
    """Fills every parameter: matrices around 0, gains around 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                parameter.copy_(noise * spread)
            else:
                parameter.copy_((1.0 if name.endswith("weight") else 0.0) + noise * 0.2)


def main():
    cases = []
    for seed, (name, (model_type, config_type, sizes)) in enumerate(CASES.items()):
        config = getattr(transformers, config_type)(**sizes)
        config._attn_implementation = "eager"
        model = getattr(transformers, model_type)(config).float().eval()
        draw(model, seed, 0.15 if "t5" in name else 0.22)
        random = np.random.default_rng(seed)
        source = random.integers(3, VOCABULARY, SOURCE).tolist()
        target = [sizes["decoder_start_token_id"], *random.integers(3, VOCABULARY, TARGET - 1).tolist()]
        with torch.no_grad():
            output = model(
                input_ids=torch.tensor([source]),
                decoder_input_ids=torch.tensor([target]),
                output_attentions=True,
            )
        stacks = [output.encoder_attentions, output.decoder_attentions, output.cross_attentions]
        weights = [torch.stack([layer[0] for layer in stack]).numpy() for stack in stacks]
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        np.concatenate([stack.ravel() for stack in weights]).astype("<f4").tofile(folder / "attentions.bin")
        shapes = [list(stack.shape[:2]) for stack in weights]
        cases.append(dict(name=name, source=source, target=target, shapes=shapes))
        print(name, shapes, f"largest weight across {weights[2].max():.3f}")
    (HERE / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
