// Says when a story has changed since the page was made. Without it the page is the same, only silent.
(() => {
  const place = document.getElementById("live");
  if (!place || !window.EventSource) return;
  let count = 0;
  const stream = new EventSource(place.dataset.stream);
  stream.addEventListener("event", () => {
    count += 1;
    const link = document.createElement("a");
    link.href = place.dataset.page;
    link.textContent = count === 1 ? "Something new has happened: show it" : `${count} new events: show them`;
    place.replaceChildren(link);
  });
  addEventListener("pagehide", () => stream.close());
})();
