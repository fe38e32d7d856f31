import type { FuzzResult } from "../schema/json/fuzz-result.ts";

/** A campaign's result as Markdown, for the summary page of a CI job. */
export function jobSummary(result: FuzzResult): string {
  const { verdict, runs, steps, seconds, seed, failures } = result;
  const head = `### fuzz: ${verdict}\n\n${runs} cases, ${steps} steps in ${seconds.toFixed(1)} s, seed ${seed}\n`;
  if (failures.length === 0) return head;
  const rows = failures.map(
    ({ signature, steps: length, replay }) => `| ${cell(signature)} | ${length} | ${cell(String(replay))} |`,
  );
  return `${head}\n| signature | steps | replay |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

/** Text of the subject's own may be in it: nothing of it is to be taken for markup. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|&~-]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/\s+/g, " ");
}
