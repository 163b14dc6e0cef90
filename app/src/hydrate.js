(script, wasm) => {
  let loaded;
  const load = async () => {
    const bytes = fetch(wasm);
    const islands = await import(script);
    await islands.default({ module_or_path: bytes });
    islands.hydrate();
    return islands;
  };
  const awake = new WeakSet();
  const visit = async (element, islands, adopt) => {
    if (element.localName === "leptos-island" && !awake.has(element)) {
      awake.add(element);
      adopt?.();
      await islands[element.dataset.component](element);
    } else if (element.localName === "leptos-children") {
      adopt = element.$$on_hydrate;
    }
    for (const child of element.children) await visit(child, islands, adopt);
  };
  const wake = async (root) => {
    if (root.matches("leptos-island") || root.querySelector("leptos-island")) {
      loaded ??= load();
      await visit(root, await loaded);
    }
  };
  document.addEventListener("customhouse:inserted", (event) => wake(event.target));
  wake(document.body).then(() => (document.documentElement.dataset.islands = "ready"));
}
