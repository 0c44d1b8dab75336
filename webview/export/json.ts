import type { About } from './about';
import { shortest } from './csv';
import { placeName, type NumberTable } from './table';

/** All tables with their numbers and what they are; a number that is none is `null`. */
export function jsonText(tables: readonly NumberTable[], about: About): string {
  const head = JSON.stringify(about, null, 2).replace(/\n\}$/, '');
  const parts = tables.map(
    (table) =>
      `    {\n      "name": ${JSON.stringify(table.name)},\n      "title": ${JSON.stringify(table.title)},\n` +
      `      "unit": ${JSON.stringify(table.unit)},\n      "axes": ${JSON.stringify(axesOf(table))},\n` +
      `      "values": ${numbers(table)}\n    }`,
  );
  return `${head},\n  "tables": [\n${parts.join(',\n')}\n  ]\n}\n`;
}

/** What stands beside arrays: the same without the numbers. */
export function jsonAbout(tables: readonly NumberTable[], about: About): string {
  const described = tables.map((table) => ({
    name: table.name,
    title: table.title,
    unit: table.unit,
    dtype: 'float32',
    axes: axesOf(table),
  }));
  return `${JSON.stringify({ ...about, arrays: described }, null, 2)}\n`;
}

function axesOf({ axes }: NumberTable): object[] {
  return axes.map((axis) => ({
    name: axis.name,
    size: axis.size,
    ...(axis.labels && {
      places: Array.from({ length: axis.size }, (_, at) => placeName(axis, at)),
    }),
    ...(axis.start ? { start: axis.start } : {}),
  }));
}

/** Row-major, nested as the axes are. */
function numbers({ axes, values }: NumberTable): string {
  const write = (depth: number, start: number, count: number): string => {
    const size = axes[depth]?.size ?? 0;
    if (depth === axes.length - 1) {
      const row = values.subarray(start, start + size);
      return `[${Array.from(row, (value) => (Number.isFinite(value) ? String(shortest(value)) : 'null')).join(',')}]`;
    }
    const step = size === 0 ? 0 : count / size;
    const parts = Array.from({ length: size }, (_, at) =>
      write(depth + 1, start + at * step, step),
    );
    return `[${parts.join(',')}]`;
  };
  return write(0, 0, values.length);
}
