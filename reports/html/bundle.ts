import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** What runs in the browser, from which page: `client/<name>.tsx`. */
export type Client = "case" | "campaign" | "recall";

const clients = new Map<Client, string>();
let style: string | undefined;

/** The page's script, bundled when it is first wanted: 50 ms, and no build step that could be forgotten. */
export function clientScript(client: Client): string {
  const known = clients.get(client) ?? bundled(`client/${client}.tsx`);
  clients.set(client, known);
  return known;
}

/** The style of all pages. */
export function clientStyle(): string {
  style ??= bundled("client/page.css");
  return style;
}

/** A script tag ends at the first `</script`, also in a string of its text: esbuild writes that as `<\/script`. */
function bundled(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text.trim()).join("\n");
}
