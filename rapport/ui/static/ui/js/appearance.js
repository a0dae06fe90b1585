// Applies theme, row height and reading direction before the first paint, from this browser's
// store. Loaded in the head, ahead of the stylesheet's first use; settings.js changes the values.
(() => {
  const root = document.documentElement;
  const stored = (name) => {
    try {
      return localStorage.getItem(`rapport-${name}`) ?? "";
    } catch {
      return "";
    }
  };
  for (const name of ["theme", "density"]) {
    if (stored(name)) root.dataset[name] = stored(name);
  }
  if (stored("dir")) root.dir = stored("dir");
})();
