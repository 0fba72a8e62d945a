// Looks every two seconds whether something happened, and reloads the page when it did. Without scripts, the page has a
// link that does the same.
const watched = document.querySelector("[data-watch]");
if (watched) {
  const { watch, stage } = watched.dataset;
  const look = async () => {
    try {
      const reply = await fetch(watch, { cache: "no-store" });
      const now = reply.ok ? (await reply.json()).stage : stage;
      if (now !== stage) {
        location.reload();
        return;
      }
    } catch {
      // The sandbox was stopped; look again later.
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
}
// An answer that came in the fragment of the address: only this page can read it, and hands it to the service.
const returned = document.querySelector("[data-returned]");
if (returned && location.hash.length > 1) {
  const { returned: to, next } = returned.dataset;
  const body = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  const go = () => location.replace(next);
  fetch(to, { method: "POST", body }).then(go, go);
}
