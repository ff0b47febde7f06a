// In a frame of Airflow: take over the theme chosen there, and open links to publishers where a frame may not.
(() => {
  let outer = null;
  try {
    outer = window.parent !== window && window.parent.document ? window.parent : null;
  } catch {
    outer = null;
  }
  if (!outer) return;
  const root = document.documentElement;
  const match = () => {
    const names = outer.document.documentElement.classList;
    root.dataset.theme = names.contains("dark") ? "dark" : "light";
  };
  match();
  new MutationObserver(match).observe(outer.document.documentElement, { attributeFilter: ["class"] });
  root.dataset.framed = "";
  document.addEventListener("click", (click) => {
    const link = click.target.closest?.("a.out");
    if (!link) return;
    click.preventDefault();
    const twin = outer.document.createElement("a");
    twin.href = link.href;
    twin.target = "_blank";
    twin.rel = "noopener noreferrer";
    twin.click();
  });
})();
