import fc from 'fast-check';
import { sizeOf, type NumberTable } from '../../../../webview/export/table';

/** Any array of one to three axes, some named, with every kind of float32. */
export const anyTable: fc.Arbitrary<NumberTable> = fc
  .array(
    fc.record({
      name: fc.constantFrom('query', 'key', 'head', 'field'),
      size: fc.integer({ min: 1, max: 5 }),
      labelled: fc.boolean(),
      start: fc.nat(9),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .chain((shape) =>
    fc
      .tuple(...shape.map(({ size }) => fc.array(anyText, { minLength: size, maxLength: size })))
      .chain((labels) => {
        const axes = shape.map(({ name, size, labelled, start }, at) => ({
          ...{ name, size, start },
          ...(labelled && { labels: labels[at] }),
        }));
        const size = sizeOf(axes);
        return fc
          .array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
            minLength: size,
            maxLength: size,
          })
          .map((values) => ({
            name: 'weights',
            title: 'Weights',
            unit: 'weight',
            axes,
            values: Float32Array.from(values, (value) => value + 0),
          }));
      }),
  );

/** Texts as tokens may be: quotes, line ends, formulas, and letters of all scripts. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom(
    '=1+1',
    '@SUM(A1)',
    '-2',
    '+3',
    "'",
    '"',
    '"",',
    '\r\n',
    '\t',
    ' a ',
    '，',
    '＝1',
  ),
);
