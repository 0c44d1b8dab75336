/** The Chapter model's answers, from its own arithmetic on made-up token vectors. */
import type { ChapterSettings } from '../../server/chapter/controls';
import { runChapter, type ChapterTensors } from '../../server/chapter/pipeline';
import { chapterWeights } from '../../server/chapter/weights';
import type { PanelStages } from '../../webview/protocol';
import { random } from './random';

const WIDTH = 64;

const STAGES: readonly {
  stage: string;
  title: string;
  tensors: readonly (readonly [name: keyof ChapterTensors, title: string, axes: string])[];
}[] = [
  {
    stage: 'preprocess',
    title: 'Preprocessing',
    tensors: [['input', 'Input: token vectors times √d', 'token dimension']],
  },
  {
    stage: 'positionalEncoding',
    title: 'Positional encoding',
    tensors: [['encoding', 'PE: the encoding of its position', 'token dimension']],
  },
  {
    stage: 'sum',
    title: 'Input + PE',
    tensors: [['inputNew', 'Input_new', 'token dimension']],
  },
  {
    stage: 'similarity',
    title: 'Similarity',
    tensors: [
      ['query', 'q', 'head token dimension'],
      ['key', 'k', 'head token dimension'],
      ['value', 'v', 'head token dimension'],
    ],
  },
  {
    stage: 'weightedSum',
    title: 'Weighted sum',
    tensors: [['context', 'Context vector', 'token dimension']],
  },
  {
    stage: 'concatenation',
    title: 'Concatenation with Input_new',
    tensors: [['concatenation', 'Both side by side', 'token dimension']],
  },
  {
    stage: 'mlp',
    title: 'MLP',
    tensors: [['hidden', 'Hidden layer, after the GELU', 'token dimension']],
  },
  {
    stage: 'output',
    title: 'Output layer (W, b)',
    tensors: [['output', 'Output', 'token dimension']],
  },
];

export function syntheticStages(
  settings: ChapterSettings,
  texts: readonly string[],
  { generation, token, key }: { generation: number; token: number; key: number | null },
): PanelStages {
  const tokens = texts.length;
  const tensors = runChapter(
    {
      vectors: vectorsOf(texts),
      width: WIDTH,
      positions: texts.map((_, index) => index),
      positionScale: 1,
      learned: null,
    },
    settings.encoding === 'learned' ? { ...settings, encoding: 'sinusoidal' } : settings,
    chapterWeights(WIDTH),
  );
  const headSize = WIDTH / settings.heads;
  return {
    generation,
    settings,
    token,
    notes:
      settings.similarity === 'additive' && settings.encoding === 'alibi'
        ? ['An additive score with a bias by distance is not relative.']
        : [],
    stages: STAGES.map(({ stage, title, tensors: listed }) => ({
      stage,
      title,
      tensors: listed.map(([name, tensorTitle, axes]) => {
        const named = axes.split(' ');
        const all = tensors[name];
        const perHead = named[0] === 'head';
        const width = all.length / tokens;
        return {
          name,
          title: tensorTitle,
          axes: named,
          shape: perHead ? [settings.heads, tokens, headSize] : [tokens, width],
          sliceAxes: perHead ? ['head', 'dimension'] : ['dimension'],
          sliceShape: perHead ? [settings.heads, headSize] : [width],
          values: perHead
            ? perHeadSlice(all, settings.heads, tokens, headSize, token)
            : Float32Array.from(all.subarray(token * width, (token + 1) * width)),
        };
      }),
    })),
    pair: key === null ? null : pairOf(tensors, settings.heads, headSize, tokens, token, key),
  };
}

function perHeadSlice(
  all: Float64Array,
  heads: number,
  tokens: number,
  headSize: number,
  token: number,
): Float32Array {
  const slice = new Float32Array(heads * headSize);
  for (let head = 0; head < heads; head++) {
    const start = (head * tokens + token) * headSize;
    slice.set(all.subarray(start, start + headSize), head * headSize);
  }
  return slice;
}

function pairOf(
  tensors: ChapterTensors,
  heads: number,
  headSize: number,
  tokens: number,
  query: number,
  key: number,
): PanelStages['pair'] {
  return {
    key,
    heads: Array.from({ length: heads }, (_, head) => {
      const cell = (head * tokens + query) * tokens + key;
      const weight = tensors.weights[cell]!;
      const start = (head * tokens + key) * headSize;
      const value = tensors.value.subarray(start, start + headSize);
      const q = tensors.query.subarray((head * tokens + query) * headSize).subarray(0, headSize);
      const k = tensors.key.subarray(start, start + headSize);
      const dot = q.reduce((sum, each, index) => sum + each * k[index]!, 0);
      return {
        head,
        similarity: dot,
        scaled: dot / Math.sqrt(headSize),
        weight,
        contribution: Float32Array.from(value, (each) => each * weight),
      };
    }),
  };
}

/** Equal words have equal vectors. */
function vectorsOf(texts: readonly string[]): Float64Array {
  const vectors = new Float64Array(texts.length * WIDTH);
  texts.forEach((text, token) => {
    const seed = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
    const next = random(seed);
    for (let column = 0; column < WIDTH; column++)
      vectors[token * WIDTH + column] = (next() + next() + next() - 1.5) * 0.9;
  });
  return vectors;
}
