import type { Explanation } from "../../../schema/json/explanation.ts";

/** Texts that would do something, were they not taken for text. */
export const hostileTexts = [
  "</script><script>alert(1)</script>",
  '<img src="http://evil.test/x.png" onerror="alert(2)">',
  "<!--<script>",
  "]]>&lt;b&gt;&amp;\"'`${alert(3)}",
  "javascript:alert(4)",
  "\u202egnp.exe \u2066hidden\u2069 \u200b\u0000\u001b[2J",
];

/** Every text of the explanation that comes from the subject or the schedule, made hostile. */
export function hostile(explanation: Explanation): Explanation {
  const texts = hostileTexts.join(" ");
  const huge = "x".repeat(2_000_000);
  return {
    ...explanation,
    signature: texts,
    rule: texts,
    statement: texts,
    expected: [texts, huge],
    observed: texts,
    others: [texts],
    settings: { [texts]: texts },
    sessions: explanation.sessions.map((session) => ({ ...session, role: texts })),
    lines: explanation.lines.map((line) => ({
      ...line,
      action: `${line.action} ${texts}`,
      observed: [...line.observed, texts, huge],
      allowed: line.allowed && [texts],
      sql: line.sql && { text: `SET a; ${texts} '${huge}`, statement: `${texts} '${huge}` },
      parkedAt: line.parkedAt && { ...line.parkedAt, statement: texts },
      database: [
        { table: "pending", row: texts, before: null, after: { [texts]: texts, instructionId: huge } },
      ],
    })),
    leases: explanation.leases.map((lease) => ({ ...lease, token: texts, row: texts, worker: texts })),
  };
}
