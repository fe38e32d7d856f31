import { expect, test } from "vitest";
import {
  hostileResult,
  manyFindings,
  manyResult,
  okResult,
  violatedResult,
} from "../testing/fuzz-results.ts";
import { jobSummaryBytes, markdown } from "./markdown.ts";

test("of an ok campaign a line says what was played", () => {
  expect(markdown(okResult)).toBe("### fuzz: ok: 3 cases, 60 steps in 1.3 s, seed 7\n");
});

test("a finding is a row and a story", () => {
  expect(markdown(violatedResult)).toMatchInlineSnapshot(`
    "### fuzz: violated: 3 cases, 60 steps in 1.3 s, seed 7, 1 counterexample

    | finding | what | where | replay |
    | --- | --- | --- | --- |
    | violated | INV&#45;05: completed with another token: 3 steps, case 2 | complete&#95;outbox&#95;attempt, schema/migrations/0002&#95;functions.sql:40 | counterexamples/inv&#45;05.json |

    <details><summary>INV-05: completed with another token</summary>

    <pre>
    INV-05 fencing: completed with another token

      1 enqueue
    &#62; 2 complete
    npx counterpoint replay counterexamples/inv-05.json
    </pre>

    </details>
    "
  `);
});

test("a hostile text is never markup: no tag, no table cell, no code, no mention of its own", () => {
  const lines = markdown(hostileResult).split("\n");
  const rows = lines.filter((line) => line.startsWith("| "));
  for (const row of rows) expect(row.match(/\|/g)).toHaveLength(5);
  expect(rows).toHaveLength(2 + 5);
  const tags = lines.join("\n").match(/<[^>]*>/g) ?? [];
  expect(new Set(tags)).toEqual(
    new Set(["<details>", "<summary>", "</summary>", "<pre>", "</pre>", "</details>"]),
  );
  for (const row of rows.slice(2)) expect(row).not.toMatch(/[`*_[\]@#~\\](?!\d)/);
});

test("what does not fit is left out and said: stories first, then findings", () => {
  const some = markdown(manyResult, jobSummaryBytes);
  expect(Buffer.byteLength(some)).toBeLessThanOrEqual(jobSummaryBytes);
  expect(some.match(/^\| (violated|unknown) /gm)).toHaveLength(2 * manyFindings);
  const stories = some.match(/<details>/g)?.length ?? 0;
  expect(stories).toBe(10);
  expect(some).toContain(`\n${manyFindings - stories} stories left out: they would not fit.\n`);

  const few = markdown(manyResult, 2000);
  expect(Buffer.byteLength(few)).toBeLessThanOrEqual(2000);
  expect(few).toMatch(/^\d\d findings left out: they would not fit\.\n\n30 stories left out/m);
});
