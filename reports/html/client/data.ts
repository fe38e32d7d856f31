/** What the page holds: its maker has put it there, and knows its type. */
export function pageData(): unknown {
  return JSON.parse(document.getElementById("data")?.textContent ?? "null");
}

export function pageRoot(): HTMLElement {
  const root = document.getElementById("page");
  if (root === null) throw new Error("the page has no place to draw on");
  return root;
}
