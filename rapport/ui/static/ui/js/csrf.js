// Every write carries the token of <meta name="csrf-token">: the cookie is out of scripts' reach.
// After somebody signed in again in another tab the page takes over the new token.

const meta = document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!["GET", "HEAD"].includes(ctx.request.method)) {
    ctx.request.headers["X-CSRFToken"] = meta.content;
  }
});

export function takeTokenOf(page) {
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!token) return;
  meta.content = token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) {
    field.value = token;
  }
}
