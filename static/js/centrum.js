// Small comforts; every page works without them.

// A page that came back with errors begins at their summary.
const summary = document.querySelector(".sum-err");
if (summary) summary.focus();

// "/" goes to the search box, as in most tools made for daily work.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.querySelector("[data-search]");
  if (event.key !== "/" || typing || !search || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// A second click while the first is under way is dropped. The button stays enabled, so that its own
// name and value are sent; the server refuses repeats by itself, this only spares the visitor a wait.
function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(release, 5000, form); // an answer that is a file leaves the page where it is
});

// Coming back with the browser's Back button finds the form ready again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Records like the one being typed are shown while there is still time; without this the form asks once sent.
for (const form of document.querySelectorAll("form[data-similar]")) {
  const place = form.querySelector("[data-similar-found]");
  let waiting;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(form.dataset.similar, { method: "POST", body: new FormData(form) });
      if (answer.ok && mine === asked) place.innerHTML = await answer.text();
    }, 500);
  });
}
