import { createHash } from "node:crypto";
import { type Client, clientScript, clientStyle } from "./bundle.ts";
import { embeddable } from "./embeddable.ts";

export interface Page {
  readonly title: string;
  readonly client: Client;
  /** What the client shows (case-data.ts, campaign-data.ts). */
  readonly data: object;
}

/** One file that holds all that it shows, and may load and send nothing: the policy names its style and its script by their
 *  hashes. The data is no script but text, which the script parses, and shows as text. */
export function htmlPage({ title, client, data }: Page): string {
  const [style, script] = [clientStyle(), clientScript(client)];
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript>This report is drawn by a script that it holds itself. It loads nothing and sends nothing.</noscript>
<script type="application/json" id="data">${embeddedJson(embeddable(data))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** Neither ends its element nor opens a comment in it. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
}

function escaped(text: string): string {
  return String(embeddable(text)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
