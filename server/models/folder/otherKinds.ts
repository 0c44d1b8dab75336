/** Kinds of model that `config.json` names and that are no plain transformer: what each is, and why it is not shown. */
import * as l10n from '@vscode/l10n';

/** In the order in which they are asked about: a model that is two of them is named by the first. */
interface Kind {
  types: string;
  sentence: () => string;
  /** The graph of such a model has attention that can be shown. */
  inGraphs?: true;
}

const KINDS: readonly Kind[] = [
  {
    types: 'mamba mamba2 falcon_mamba codestral_mamba rwkv rwkv5 rwkv6 rwkv7 retnet xlstm hgrn hgrn2 gla hyena',
    sentence: () =>
      l10n.t(
        'it hands a state on from token to token (a state-space or linear-attention model), so no token has weights for others that could be shown.',
      ),
  },
  {
    types:
      'jamba bamba zamba zamba2 nemotron_h granitemoehybrid falcon_h1 recurrent_gemma lfm2 lfm2_moe qwen3_next kimi_linear minimax samba plamo2',
    sentence: () =>
      l10n.t(
        'some of its layers hand a state on from token to token (state-space or linear attention) and have no weights to show. In an ONNX export the layers with attention are found and shown.',
      ),
    inGraphs: true,
  },
  {
    types: 'longformer led big_bird bigbird_pegasus reformer longt5 nystromformer yoso',
    sentence: () =>
      l10n.t(
        'its attention is computed in blocks with gaps, so that there is no whole matrix of weights to show.',
      ),
  },
  {
    types: 'performer linformer fnet funnel canine perceiver convbert squeezebert poolformer',
    sentence: () =>
      l10n.t(
        'it mixes its tokens in another way than by attention between all of them, and is not shown.',
      ),
  },
  {
    types:
      'mixtral qwen2_moe qwen3_moe deepseek_v2 deepseek_v3 olmoe dbrx phimoe granitemoe gpt_oss llama4 llama4_text jetmoe switch_transformers nllb-moe ernie4_5_moe glm4_moe dots1 arctic jetmoe minimax_m2',
    sentence: () =>
      l10n.t(
        'it is a mixture of experts: a router picks networks for each token. Routers are not attention, and such layers are not built from their weights; in an ONNX export its attention is found and shown.',
      ),
    inGraphs: true,
  },
  {
    types: 'deberta deberta-v2',
    sentence: () =>
      l10n.t(
        'its scores hold a part for the distance that depends on the words (disentangled attention), which no rule here describes.',
      ),
  },
  {
    types:
      'resnet convnext convnextv2 regnet mobilenet_v1 mobilenet_v2 efficientnet bit vit deit beit swin swinv2 dinov2 dinov3_vit siglip clip clip_vision_model detr yolos segformer',
    sentence: () => l10n.t('it reads pictures, and there is no text in them to show attention on.'),
  },
  {
    types: 'whisper wav2vec2 hubert wavlm sew unispeech speech_to_text audio-spectrogram-transformer clap encodec',
    sentence: () => l10n.t('it reads sound, and there is no text in it to show attention on.'),
  },
  {
    types: 'model2vec static static_embedding word2vec glove fasttext bag_of_words',
    sentence: () =>
      l10n.t('it is a table of embeddings, in which tokens do not look at each other: it has no attention.'),
  },
  {
    types: 'lstm gru rnn textcnn',
    sentence: () => l10n.t('it is no transformer, so it has no attention to show.'),
  },
];

/** What there is to say of a model whose `config.json` names such a kind, as weights or as a graph; undefined for others. */
export function otherKindSentence(
  type: string | undefined,
  form: 'weights' | 'graph',
): string | undefined {
  if (type === undefined) return undefined;
  const kind = KINDS.find(({ types }) => types.split(' ').includes(type));
  if (!kind || (form === 'graph' && kind.inGraphs)) return undefined;
  return l10n.t('A model of the kind "{0}" cannot be shown: {1}', type, kind.sentence());
}
