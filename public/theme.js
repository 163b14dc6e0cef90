// @ts-check
/**
 * Light or dark. The page follows the system until the reader chooses; the choice is kept in this
 * browser. Loaded before the body, so that no page flashes in the other theme.
 */
(() => {
  const root = document.documentElement;
  const key = "customhouse-theme";

  /** Storage may be forbidden; then the choice lasts for the page. @returns {string | null} */
  const kept = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const isDark = () =>
    root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
  const show = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(isDark()));
    }
  };

  const choice = kept();
  if (choice === "light" || choice === "dark") root.dataset.theme = choice;
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch {
      // As in `kept`.
    }
    show();
  });
})();
