import { render } from "preact";
import { useState } from "preact/hooks";
import type { RecallData } from "../recall-data.ts";
import { ColumnHeads } from "./column-heads.tsx";
import { pageData, pageRoot } from "./data.ts";
import { Filter, matches } from "./filter.tsx";
import { ThemeButton } from "./theme.tsx";
import { Scrolls } from "./scrolls.tsx";

function RecallPage({ data }: { readonly data: RecallData }) {
  const { result, closing } = data;
  const { verdict, postgres, harnessVersion, seeds, summary } = result;
  return (
    <>
      <header class="top">
        <span class="brand">Counterpoint</span>
        <span>recall</span>
        <ThemeButton />
      </header>
      <main>
        <section aria-label="Verdict">
          <h1>
            <span class={`badge ${verdictClasses[verdict]}`}>{verdict}</span> {summary.found} of{" "}
            {summary.bugs} planted bugs found with every seed
          </h1>
          <ul>
            {closing.map((line) => (
              <li key={line}>{line}</li>
            ))}
            <li>
              seeds {seeds.join(", ")}, PostgreSQL {postgres}, Counterpoint {harnessVersion}
            </li>
          </ul>
        </section>
        <Bugs data={data} />
        <Clean result={result} />
      </main>
    </>
  );
}

const verdictClasses = { complete: "ok", incomplete: "violated", unknown: "unknown" } as const;

/** A bug in each row, those that were not always found marked; a field leaves those that have all words typed. */
function Bugs({ data: { result, rows } }: { readonly data: RecallData }) {
  const [typed, setTyped] = useState("");
  const bugs = result.bugs.flatMap((bug, index) => {
    const row = rows[index];
    if (row === undefined) return [];
    const text = [bug.id, bug.description, bug.class, bug.needs.join(" "), row.by, row.found].join(" ");
    return matches(text, typed) ? [{ bug, row }] : [];
  });
  return (
    <section aria-labelledby="bugs">
      <h2 id="bugs">Planted bugs</h2>
      <p class="lead">
        Schedules and seconds until found: median/worst over the seeds. Steps: shrunk to/best known. Replays:
        with the same history/played.
      </p>
      <Filter typed={typed} onType={setTyped} shown={bugs.length} all={rows.length} what="planted bugs" />
      <Scrolls name="Table of the planted bugs">
        <table class="data recall">
          <ColumnHeads names={columns} />
          <tbody>
            {bugs.map(({ bug, row }) => (
              <tr key={bug.id} class={row.found === "yes" ? "" : "missed"}>
                <th scope="row">{bug.id}</th>
                <td class="prose">{bug.description}</td>
                <td class="prose">{bug.class}</td>
                <td class="prose">{bug.needs.join(", ")}</td>
                <td>{row.found}</td>
                <td>{row.by}</td>
                <td>{row.schedules}</td>
                <td>{row.seconds}</td>
                <td>{row.steps}</td>
                <td>{row.replays}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

const columns = [
  "planted bug",
  "what is wrong",
  "class",
  "needs",
  "found",
  "seen by",
  "schedules",
  "seconds",
  "steps",
  "replays",
];

/** Trees in which nothing is to be found, and how many of their trials reported something. */
function Clean({ result: { clean } }: { readonly result: RecallData["result"] }) {
  return (
    <section aria-labelledby="clean">
      <h2 id="clean">Not to be found</h2>
      <p class="lead">Changes that no caller can tell from the original. Reporting one is a false alarm.</p>
      <Scrolls name="Table of what is not to be found">
        <table class="data">
          <ColumnHeads names={["change", "why it cannot be seen", "reported"]} />
          <tbody>
            {clean.map(({ change, argument, trials }) => {
              const reported = trials.filter(({ found }) => found).length;
              return (
                <tr key={change} class={reported === 0 ? "" : "missed"}>
                  <th scope="row">{change ?? "our own migrations"}</th>
                  <td class="prose">{argument}</td>
                  <td>
                    {reported} of {trials.length}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

render(<RecallPage data={pageData() as RecallData} />, pageRoot());
