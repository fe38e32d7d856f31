import type { Line } from "../../../schema/json/explanation.ts";
import { lineTitle } from "./scrubber.tsx";

/** What paper has in place of the scrubber: each line in full. */
export function AllSteps({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <div class="on-paper">
      <h3>All steps</h3>
      <ul>
        {lines.map((line, index) => (
          <li key={index}>
            {line.wrong ? <b class="flag">wrong </b> : null}
            {lineTitle(line)}
            {line.observed.map((text, place) => (
              <div key={place}>→ {text}</div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
