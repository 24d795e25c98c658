// Shows the page anew once a file of the previewed folder has changed. Where somebody has typed
// something it only says so: their entries are not to be lost.
const bar = document.querySelector(".preview-bar");
let typed = false;
document.addEventListener("input", () => { typed = true; });

async function look() {
  try {
    const answer = await fetch(bar.dataset.state, { cache: "no-store" });
    const newest = (await answer.text()).trim();
    if (answer.ok && newest !== bar.dataset.revision) {
      if (!typed) {
        location.replace(location.pathname + location.search);
        return;
      }
      bar.querySelector(".stale-note").hidden = false;
    }
  } catch {
    // the preview has ended, or is being started again
  }
  setTimeout(look, 1000);
}
if (bar) setTimeout(look, 1000);
