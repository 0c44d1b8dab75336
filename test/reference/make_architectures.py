"""Tiny seeded checkpoints of each architecture, and their attention weights.

For every entry of CASES it writes, in a folder of that name under `architectures/`,
  config.json, model.safetensors  as Hugging Face transformers saves them (float32)
  attentions.bin                  float32 little-endian [layer, head, query, key]
and one `cases.json` with the token ids, sizes and types of all of them.

Weights are drawn wide enough that attention is far from uniform, biases and gains
too, so that a term that is left out or put in the wrong place is seen. The models run
in float32 with `attn_implementation='eager'`.

Usage (Python 3.11; torch, transformers, numpy, safetensors):
  python test/reference/make_architectures.py
"""

import json
import pathlib
import shutil

import numpy as np
import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent / "architectures"
VOCABULARY = 48
TOKENS = 14
LAYERS = 2

ENCODER = dict(
    vocab_size=VOCABULARY,
    hidden_size=24,
    num_hidden_layers=LAYERS,
    num_attention_heads=4,
    intermediate_size=40,
    max_position_embeddings=32,
    type_vocab_size=2,
    pad_token_id=1,
)
DECODER = dict(
    vocab_size=VOCABULARY,
    hidden_size=32,
    num_hidden_layers=LAYERS,
    num_attention_heads=4,
    intermediate_size=40,
    max_position_embeddings=64,
    pad_token_id=None,
    bos_token_id=0,
    eos_token_id=0,
)
GROUPED = dict(DECODER, num_key_value_heads=2)

CASES = {
    "bert": ("BertModel", "BertConfig", ENCODER),
    "bert-relu": ("BertForMaskedLM", "BertConfig", dict(ENCODER, hidden_act="relu")),
    "roberta": ("RobertaModel", "RobertaConfig", dict(ENCODER, type_vocab_size=1)),
    "xlm-roberta": ("XLMRobertaForMaskedLM", "XLMRobertaConfig", dict(ENCODER, type_vocab_size=1)),
    "electra": ("ElectraModel", "ElectraConfig", dict(ENCODER, embedding_size=16)),
    "distilbert": (
        "DistilBertForMaskedLM",
        "DistilBertConfig",
        dict(vocab_size=VOCABULARY, dim=24, n_layers=LAYERS, n_heads=4, hidden_dim=40, max_position_embeddings=32),
    ),
    "albert": ("AlbertModel", "AlbertConfig", dict(ENCODER, embedding_size=16, hidden_act="gelu_new")),
    "gpt2": (
        "GPT2LMHeadModel",
        "GPT2Config",
        dict(vocab_size=VOCABULARY, n_embd=32, n_layer=LAYERS, n_head=4, n_positions=64, bos_token_id=0, eos_token_id=0),
    ),
    "gpt-neox": ("GPTNeoXForCausalLM", "GPTNeoXConfig", dict(DECODER, rotary_pct=0.5)),
    "gpt-neox-serial": ("GPTNeoXModel", "GPTNeoXConfig", dict(DECODER, rotary_pct=1.0, use_parallel_residual=False)),
    "opt": (
        "OPTForCausalLM",
        "OPTConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=32,
            word_embed_proj_dim=32,
            num_hidden_layers=LAYERS,
            num_attention_heads=4,
            ffn_dim=40,
            max_position_embeddings=64,
            pad_token_id=1,
        ),
    ),
    "bloom": (
        "BloomForCausalLM",
        "BloomConfig",
        dict(vocab_size=VOCABULARY, hidden_size=36, n_layer=LAYERS, n_head=6, bos_token_id=0, eos_token_id=0, pad_token_id=1),
    ),
    "llama": ("LlamaForCausalLM", "LlamaConfig", GROUPED),
    "llama3": (
        "LlamaModel",
        "LlamaConfig",
        dict(
            GROUPED,
            attention_bias=True,
            mlp_bias=True,
            rope_parameters=dict(
                rope_type="llama3",
                rope_theta=500000.0,
                factor=8.0,
                low_freq_factor=1.0,
                high_freq_factor=4.0,
                original_max_position_embeddings=16,
            ),
        ),
    ),
    "mistral": ("MistralForCausalLM", "MistralConfig", dict(GROUPED, head_dim=12, sliding_window=5)),
    "qwen2": ("Qwen2ForCausalLM", "Qwen2Config", dict(GROUPED, tie_word_embeddings=True)),
    "qwen3": ("Qwen3ForCausalLM", "Qwen3Config", dict(GROUPED, head_dim=12)),
    "gemma": ("GemmaForCausalLM", "GemmaConfig", dict(GROUPED, head_dim=12, num_key_value_heads=1)),
    "phi": ("PhiForCausalLM", "PhiConfig", dict(DECODER, partial_rotary_factor=0.5)),
    "phi3": ("Phi3ForCausalLM", "Phi3Config", dict(GROUPED, sliding_window=None)),
    "phi3-longrope": (
        "Phi3ForCausalLM",
        "Phi3Config",
        dict(
            GROUPED,
            sliding_window=None,
            original_max_position_embeddings=16,
            rope_parameters=dict(
                rope_type="longrope",
                rope_theta=10000.0,
                long_factor=[1.5, 2.0, 3.0, 4.0],
                short_factor=[1.0, 1.1, 1.2, 1.3],
                original_max_position_embeddings=16,
                factor=4.0,
            ),
        ),
    ),
    "phi3-window": ("Phi3ForCausalLM", "Phi3Config", dict(GROUPED, sliding_window=4)),
    "ministral": (
        "MinistralForCausalLM",
        "MinistralConfig",
        dict(GROUPED, head_dim=12, sliding_window=4, layer_types=["full_attention", "sliding_attention"]),
    ),
    "qwen2-window": (
        "Qwen2ForCausalLM",
        "Qwen2Config",
        dict(GROUPED, use_sliding_window=True, sliding_window=4, max_window_layers=1),
    ),
    "smollm3": ("SmolLM3ForCausalLM", "SmolLM3Config", dict(GROUPED, no_rope_layers=[1, 0])),
    "granite": (
        "GraniteForCausalLM",
        "GraniteConfig",
        dict(GROUPED, embedding_multiplier=3.0, attention_multiplier=0.4, residual_multiplier=0.6),
    ),
    "olmo2": ("Olmo2ForCausalLM", "Olmo2Config", GROUPED),
    "gemma2": (
        "Gemma2ForCausalLM",
        "Gemma2Config",
        dict(GROUPED, head_dim=12, query_pre_attn_scalar=9, sliding_window=5, attn_logit_softcapping=2.0),
    ),
    "gemma3": (
        "Gemma3ForCausalLM",
        "Gemma3TextConfig",
        dict(
            GROUPED,
            head_dim=12,
            query_pre_attn_scalar=9,
            sliding_window=5,
            layer_types=["sliding_attention", "full_attention"],
            rope_parameters=dict(
                full_attention=dict(rope_type="linear", rope_theta=1e6, factor=8.0),
                sliding_attention=dict(rope_type="default", rope_theta=1e4),
            ),
        ),
    ),
    "gemma3-both-ways": (
        "Gemma3TextModel",
        "Gemma3TextConfig",
        dict(GROUPED, head_dim=12, sliding_window=6, use_bidirectional_attention=True),
    ),
    "modernbert": (
        "ModernBertModel",
        "ModernBertConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=32,
            intermediate_size=40,
            num_hidden_layers=3,
            num_attention_heads=4,
            max_position_embeddings=64,
            local_attention=8,
            global_attn_every_n_layers=2,
            pad_token_id=0,
            bos_token_id=0,
            eos_token_id=0,
            cls_token_id=0,
            sep_token_id=0,
        ),
    ),
    "mpnet": ("MPNetModel", "MPNetConfig", {key: ENCODER[key] for key in ENCODER if key != "type_vocab_size"}),
    "t5": (
        "T5EncoderModel",
        "T5Config",
        dict(
            vocab_size=VOCABULARY,
            d_model=24,
            d_kv=8,
            d_ff=40,
            num_layers=LAYERS,
            num_heads=4,
            relative_attention_num_buckets=12,
            relative_attention_max_distance=9,
        ),
    ),
    "mt5": (
        "MT5EncoderModel",
        "MT5Config",
        dict(vocab_size=VOCABULARY, d_model=24, d_kv=8, d_ff=40, num_layers=LAYERS, num_heads=4),
    ),
    "umt5": (
        "UMT5EncoderModel",
        "UMT5Config",
        dict(vocab_size=VOCABULARY, d_model=24, d_kv=8, d_ff=40, num_layers=LAYERS, num_heads=4),
    ),
    "falcon": (
        "FalconForCausalLM",
        "FalconConfig",
        dict(vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=LAYERS, num_attention_heads=4, multi_query=True),
    ),
    "falcon-grouped": (
        "FalconForCausalLM",
        "FalconConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=32,
            num_hidden_layers=LAYERS,
            num_attention_heads=4,
            num_kv_heads=2,
            new_decoder_architecture=True,
            bias=True,
        ),
    ),
    "falcon-serial": (
        "FalconModel",
        "FalconConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=32,
            num_hidden_layers=LAYERS,
            num_attention_heads=4,
            multi_query=False,
            parallel_attn=False,
        ),
    ),
    "stablelm": ("StableLmForCausalLM", "StableLmConfig", dict(GROUPED, use_qkv_bias=True, partial_rotary_factor=0.5)),
    "stablelm-parallel": ("StableLmModel", "StableLmConfig", dict(DECODER, num_key_value_heads=4, use_parallel_residual=True)),
    "starcoder2": ("Starcoder2ForCausalLM", "Starcoder2Config", dict(GROUPED, sliding_window=5)),
    "gpt-bigcode": (
        "GPTBigCodeForCausalLM",
        "GPTBigCodeConfig",
        dict(vocab_size=VOCABULARY, n_embd=32, n_layer=LAYERS, n_head=4, n_positions=64, bos_token_id=0, eos_token_id=0),
    ),
    "gpt-bigcode-heads": (
        "GPTBigCodeModel",
        "GPTBigCodeConfig",
        dict(
            vocab_size=VOCABULARY,
            n_embd=32,
            n_layer=LAYERS,
            n_head=4,
            n_positions=64,
            multi_query=False,
            bos_token_id=0,
            eos_token_id=0,
        ),
    ),
    "gptj": (
        "GPTJForCausalLM",
        "GPTJConfig",
        dict(
            vocab_size=VOCABULARY,
            n_embd=32,
            n_layer=LAYERS,
            n_head=4,
            n_positions=64,
            rotary_dim=4,
            bos_token_id=0,
            eos_token_id=0,
        ),
    ),
    "gpt-neo": (
        "GPTNeoForCausalLM",
        "GPTNeoConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=32,
            num_layers=LAYERS,
            num_heads=4,
            intermediate_size=40,
            max_position_embeddings=64,
            attention_types=[[["global", "local"], 1]],
            window_size=5,
            bos_token_id=0,
            eos_token_id=0,
        ),
    ),
    "mpt": (
        "MptForCausalLM",
        "MptConfig",
        dict(vocab_size=VOCABULARY, d_model=36, n_layers=LAYERS, n_heads=6, max_seq_len=64),
    ),
    "cohere": ("CohereForCausalLM", "CohereConfig", GROUPED),
    "cohere2": (
        "Cohere2ForCausalLM",
        "Cohere2Config",
        dict(GROUPED, sliding_window=5, layer_types=["sliding_attention", "full_attention"]),
    ),
    "esm": (
        "EsmForMaskedLM",
        "EsmConfig",
        dict(
            {key: ENCODER[key] for key in ENCODER if key != "type_vocab_size"},
            position_embedding_type="rotary",
            token_dropout=True,
            mask_token_id=7,
        ),
    ),
    "olmo": ("OlmoForCausalLM", "OlmoConfig", dict(GROUPED, clip_qkv=0.9)),
    "nemotron": ("NemotronForCausalLM", "NemotronConfig", dict(GROUPED, head_dim=12)),
    "mixtral": ("MixtralForCausalLM", "MixtralConfig", dict(GROUPED, num_local_experts=4, sliding_window=5)),
    "qwen3-moe": (
        "Qwen3MoeForCausalLM",
        "Qwen3MoeConfig",
        dict(
            GROUPED,
            num_hidden_layers=3,
            head_dim=12,
            num_experts=5,
            num_experts_per_tok=2,
            moe_intermediate_size=24,
            norm_topk_prob=True,
            mlp_only_layers=[1],
        ),
    ),
    "olmoe": (
        "OlmoeForCausalLM",
        "OlmoeConfig",
        dict(GROUPED, num_experts=5, num_experts_per_tok=3, clip_qkv=1.1),
    ),
    "gpt-oss": (
        "GptOssForCausalLM",
        "GptOssConfig",
        dict(
            GROUPED,
            head_dim=12,
            num_local_experts=4,
            num_experts_per_tok=2,
            sliding_window=5,
            swiglu_limit=0.5,
            rope_parameters=dict(
                rope_type="yarn",
                rope_theta=150000.0,
                factor=4.0,
                beta_fast=32.0,
                beta_slow=1.0,
                original_max_position_embeddings=16,
                truncate=False,
            ),
        ),
    ),
    # Texts longer than what the model was trained on.
    "llama-dynamic": (
        "LlamaForCausalLM",
        "LlamaConfig",
        dict(
            GROUPED,
            max_position_embeddings=8,
            rope_parameters=dict(rope_type="dynamic", rope_theta=10000.0, factor=4.0),
        ),
    ),
    "llama-yarn": (
        "LlamaForCausalLM",
        "LlamaConfig",
        dict(
            GROUPED,
            rope_parameters=dict(
                rope_type="yarn", rope_theta=10000.0, factor=8.0, original_max_position_embeddings=8
            ),
        ),
    ),
    "llama3-long": (
        "LlamaForCausalLM",
        "LlamaConfig",
        dict(
            GROUPED,
            rope_parameters=dict(
                rope_type="llama3",
                rope_theta=500000.0,
                factor=8.0,
                low_freq_factor=1.0,
                high_freq_factor=4.0,
                original_max_position_embeddings=8,
            ),
        ),
    ),
    "phi3-longrope-long": (
        "Phi3ForCausalLM",
        "Phi3Config",
        dict(
            GROUPED,
            sliding_window=None,
            original_max_position_embeddings=8,
            rope_parameters=dict(
                rope_type="longrope",
                rope_theta=10000.0,
                long_factor=[1.5, 2.0, 3.0, 4.0],
                short_factor=[1.0, 1.1, 1.2, 1.3],
                original_max_position_embeddings=8,
                factor=8.0,
            ),
        ),
    ),
}


def draw(model, seed):
    """Fills every parameter: matrices around 0, gains around 1 (or 0 where the model adds the 1)."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                parameter.copy_(noise * 0.22)
            elif name.endswith("weight"):
                around = 0.0 if type(model).__name__.startswith(("Gemma", "Nemotron")) else 1.0
                parameter.copy_(around + noise * 0.2)
            else:
                parameter.copy_(noise * 0.2)


def main():
    cases = []
    for seed, (name, (model_type, config_type, sizes)) in enumerate(CASES.items()):
        config = getattr(transformers, config_type)(**sizes)
        config._attn_implementation = "eager"
        model = getattr(transformers, model_type)(config).float().eval()
        draw(model, seed)
        ids = np.random.default_rng(seed).integers(2, VOCABULARY, TOKENS).tolist()
        if name == "esm":
            ids[3] = config.mask_token_id
        with torch.no_grad():
            output = model(torch.tensor([ids]), output_attentions=True)
        weights = torch.stack([layer[0] for layer in output.attentions]).numpy()
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        weights.astype("<f4").tofile(folder / "attentions.bin")
        layers, heads = weights.shape[:2]
        cases.append(dict(name=name, ids=ids, layers=layers, heads=heads))
        print(name, weights.shape, f"largest weight {weights.max():.3f}")
    (HERE / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
