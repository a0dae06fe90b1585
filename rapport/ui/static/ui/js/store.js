// This browser's store, which may be full or forbidden: then things are simply not remembered.

export function remember(name, value) {
  try {
    if (value) localStorage.setItem(`rapport-${name}`, value);
    else localStorage.removeItem(`rapport-${name}`);
  } catch {
    // Nothing depends on it.
  }
}

export function remembered(name) {
  try {
    return localStorage.getItem(`rapport-${name}`) ?? "";
  } catch {
    return "";
  }
}

export function rememberedNames(prefix) {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(`rapport-${prefix}`))
      .map((key) => key.slice("rapport-".length));
  } catch {
    return [];
  }
}
