import type { ComponentChildren } from "preact";

/** What may be wider than the page: it is scrolled with the keyboard too. */
export function Scrolls({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={name}>
      {children}
    </div>
  );
}
