// This browser's store, which may be full or forbidden: then things are simply not remembered.

function attempt(act, otherwise) {
  try {
    return act(localStorage) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  const key = `rapport-${name}`;
  attempt((store) => (value ? store.setItem(key, value) : store.removeItem(key)));
}

export const remembered = (name) => attempt((store) => store.getItem(`rapport-${name}`), "");

export function rememberedNames(prefix) {
  const names = attempt(Object.keys, []).map((key) => key.replace("rapport-", ""));
  return names.filter((name) => name.startsWith(prefix));
}
