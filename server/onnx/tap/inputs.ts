/** What each input of a foreign graph is for, and what it is fed with. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from '../onnxError';
import { ElementType } from '../schema';
import type { Value } from './evaluate/value';
import type { DeclaredInput } from './model';

/**
 * `tokens`, `decoderTokens`: ids. `mask`, `decoderMask`: 1 for every token, for none is
 * padding. `segments`: 0 for every token. `positions`, `decoderPositions`: 0, 1, 2 …
 * `past`: keys and values of no tokens. `branch`: false, so that no past is read.
 */
export type InputRole =
  | 'tokens'
  | 'decoderTokens'
  | 'mask'
  | 'decoderMask'
  | 'segments'
  | 'positions'
  | 'decoderPositions'
  | 'past'
  | 'branch';

export interface GraphInput {
  name: string;
  role: InputRole;
  /** As in `TensorProto.DataType`. */
  type: number;
  /** Numbers where they are the same in every run; `tokens` or `decoderTokens`: as many as there are. */
  dims: readonly (number | 'tokens' | 'decoderTokens')[];
}

/** Bits of {@link Value.origin}. */
export const ORIGIN = { tokens: 1, decoderTokens: 2, others: 4 } as const;
export const TEXT = ORIGIN.tokens | ORIGIN.decoderTokens;

/** Names that exporters give, without case, separators and what frameworks add behind a colon. */
const NAMES: readonly (readonly [pattern: RegExp, role: InputRole])[] = [
  [/^(inputids|inputs?|ids|tokens|tokenids|inputwordids)$/, 'tokens'],
  [/^decoderinputids$/, 'decoderTokens'],
  [/^decoderattentionmask$/, 'decoderMask'],
  [/^(encoder)?attentionmask$|^inputmask$|^mask$/, 'mask'],
  [/^(tokentypeids|segmentids|inputtypeids)$/, 'segments'],
  [/^(positionids|cacheposition|positions)$/, 'positions'],
  [/^decoderpositionids$/, 'decoderPositions'],
  [/^usecachebranch$/, 'branch'],
  [/^past/, 'past'],
];

const INTEGERS = new Set<number>([ElementType.int64, ElementType.int32]);
const FLOATS = new Set<number>([ElementType.float32, ElementType.float16]);

/** Names of inputs that say that the model reads something else than text. */
const OTHER_SENSES: readonly (readonly [pattern: RegExp, what: () => string])[] = [
  [/^pixelvalues|^image/, () => l10n.t('images')],
  [/^inputfeatures|^inputvalues|^audio/, () => l10n.t('sound')],
  [/^inputsembeds/, () => l10n.t('embeddings instead of tokens')],
  [
    /^encoderhiddenstates|^encoderoutputs/,
    () => l10n.t('what an encoder in another file has made'),
  ],
];

/** Throws OnnxError naming the first input that cannot be fed. */
export function inputRoles(inputs: readonly DeclaredInput[]): GraphInput[] {
  const roles = inputs.map(roleOf);
  if (!roles.some(({ role }) => role === 'tokens')) {
    throw new OnnxError(l10n.t('The model has no input for tokens, such as "input_ids".'));
  }
  const ids = roles.filter(({ role }) => role === 'tokens' || role === 'decoderTokens');
  if (new Set(ids.map(({ role }) => role)).size < ids.length) {
    throw new OnnxError(l10n.t('The model has more than one input for tokens.'));
  }
  return roles;
}

/** The one number of tokens that a graph of fixed size reads, or null where any will do. */
export function fixedTokens(inputs: readonly DeclaredInput[], name: string): number | null {
  const size = inputs.find((input) => input.name === name)?.dims?.[1];
  return typeof size === 'number' && size > 0 ? size : null;
}

/** What is known of an input for texts of so many tokens. */
export function inputValue(
  { role, type, dims }: GraphInput,
  tokens: number,
  decoderTokens: number,
): Value {
  const sizes = dims.map((size) =>
    size === 'tokens' ? tokens : size === 'decoderTokens' ? decoderTokens : size,
  );
  const count = sizes.reduce((product, size) => product * size, 1);
  const known = { type, dims: sizes, origin: ORIGIN.others };
  switch (role) {
    case 'tokens':
    case 'decoderTokens':
      return { ...known, data: undefined, origin: ORIGIN[role] };
    case 'mask':
    case 'decoderMask':
      return { ...known, data: numbers(type, count).fill(1) };
    case 'segments':
    case 'branch':
    case 'past':
      return { ...known, data: numbers(type, count) };
    case 'positions':
    case 'decoderPositions':
      return { ...known, data: Float64Array.from({ length: count }, (_, at) => at) };
  }
}

function numbers(type: number, count: number): Float64Array | Uint8Array {
  return type === ElementType.bool ? new Uint8Array(count) : new Float64Array(count);
}

function roleOf({ name, type, dims }: DeclaredInput): GraphInput {
  const plain = name
    .replace(/:\d+$/, '')
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase();
  const role = NAMES.find(([pattern]) => pattern.test(plain))?.[1];
  const sense = OTHER_SENSES.find(([pattern]) => pattern.test(plain));
  if (sense) {
    throw new OnnxError(
      l10n.t(
        'The model reads {0} (its input "{1}"), which cannot be shown here.',
        sense[1](),
        name,
      ),
    );
  }
  const fitted = role && type !== undefined && shapeFor(role, type, dims);
  if (role && type !== undefined && fitted) return { name, role, type, dims: fitted };
  throw new OnnxError(
    l10n.t('The model asks for an input "{0}", and nothing is known of what it is for.', name),
  );
}

/** Null where the declaration is not one of that role. */
function shapeFor(
  role: InputRole,
  type: number,
  dims: DeclaredInput['dims'],
): GraphInput['dims'] | null {
  const length = role.startsWith('decoder') ? 'decoderTokens' : 'tokens';
  const single = dims?.[0] === undefined || typeof dims[0] === 'string' || dims[0] <= 1;
  switch (role) {
    case 'past':
      return FLOATS.has(type) ? pastShape(dims) : null;
    case 'branch':
      return type === ElementType.bool ? (dims ?? []).map(() => 1) : null;
    case 'mask':
    case 'decoderMask': {
      const takes = INTEGERS.has(type) || FLOATS.has(type) || type === ElementType.bool;
      return takes && single && (dims?.length ?? 2) === 2 ? [1, length] : null;
    }
    case 'positions':
    case 'decoderPositions':
      if (!INTEGERS.has(type)) return null;
      if (dims?.length === 1) return [length];
      return single && (dims?.length ?? 2) === 2 ? [1, length] : null;
    default:
      return INTEGERS.has(type) && single && (dims?.length ?? 2) === 2 ? [1, length] : null;
  }
}

/** Keys and values of no tokens: [batch, head, past, size], or the two of a layer in one with an axis in front. */
function pastShape(dims: DeclaredInput['dims']): number[] | null {
  if (!dims || dims.length < 3 || dims.length > 5) return null;
  const sizes = dims.map((size, axis) => {
    if (typeof size === 'number') return size;
    const batch = /batch/i.test(size) || (axis === 0 && !/past|seq|len|total/i.test(size));
    return batch ? 1 : 0;
  });
  return sizes.filter((size) => size === 0).length === 1 ? sizes : null;
}
