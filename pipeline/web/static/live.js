// Says when something has happened since the page was made. Without it the page is the same, only silent.
// It asks now and then rather than hold a stream open: a browser gives all tabs of a host six connections together, and
// with six stories open would load no page more. A page that nobody sees asks seldom, and says it in its title.
(() => {
  const place = document.getElementById("live");
  if (!place) return;
  const SEEN_MS = 10_000;
  const UNSEEN_MS = 60_000;
  const title = document.title;
  let after = place.dataset.after;
  let count = 0;
  let since = Infinity;
  let waiting = 0;
  let isLooking = false;
  const tell = (events) => {
    count += events.length;
    since = Math.min(since, ...events.map((event) => Date.parse(event.occurred_at)));
    const link = document.createElement("a");
    link.href = place.dataset.page;
    // A moment of the record counts microseconds: only the millisecond before is surely before it.
    if (place.dataset.since) link.href = `${place.dataset.since}?at=${new Date(since - 1).toISOString()}`;
    link.textContent = count === 1 ? "Something new has happened: show it" : `${count} new events: show them`;
    place.replaceChildren(link);
    document.title = `(${count}) ${title}`;
  };
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const asked = new URLSearchParams({ after });
    if (place.dataset.story) asked.set("story", place.dataset.story);
    try {
      const answer = await fetch(`${place.dataset.events}?${asked}`);
      const told = answer.ok ? await answer.json() : { events: [], next: after };
      after = told.next;
      if (told.events.length) tell(told.events);
    } catch {
      // The server is away: the next look will tell.
    }
    isLooking = false;
    wait();
  };
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, document.hidden ? UNSEEN_MS : SEEN_MS);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? wait() : look()));
  wait();
})();
