/** Which nodes of a graph touch weights that are stored as float16. */
import { takeApart } from './graphParts';
import { fieldsOf, textOf } from './readWire';
import { ElementType, Node } from './schema';

/**
 * Names of the nodes that read float16, up to the casts that end it. Many graphics
 * cards cannot compute with it, and these nodes move weights only. Throws OnnxError
 * where the bytes are no model.
 */
export function halfNodes(graph: Uint8Array): string[] {
  const { nodes, initializers } = takeApart(graph);
  const halves = new Set<string>();
  for (const [name, { elementType }] of initializers)
    if (elementType === ElementType.float16) halves.add(name);
  const names: string[] = [];
  for (const { inputs, outputs, operator, bytes } of nodes) {
    if (!inputs.some((name) => halves.has(name))) continue;
    names.push(nameOf(bytes));
    if (operator !== 'Cast') for (const name of outputs) halves.add(name);
  }
  return names.filter((name) => name !== '');
}

function nameOf(node: Uint8Array): string {
  for (const field of fieldsOf(node)) if (field.number === Node.name) return textOf(field);
  return '';
}
