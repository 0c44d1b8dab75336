interface Item {
  name: string;
  count: number;
  reorderAt: number;
}

/** Takes items out of the store; refuses more than there are. */
export function take(store: Map<string, Item>, name: string, count: number): Item {
  const item = store.get(name);
  if (!item) throw new Error(`There is no ${name} in the store.`);
  if (item.count < count) throw new Error(`Only ${item.count} of ${name} are left.`);
  const rest = { ...item, count: item.count - count };
  store.set(name, rest);
  return rest;
}

/** What must be ordered again, the scarcest first. */
export function shortages(store: Map<string, Item>): Item[] {
  return [...store.values()]
    .filter((item) => item.count <= item.reorderAt)
    .sort((left, right) => left.count / left.reorderAt - right.count / right.reorderAt);
}
