import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CaseData } from "../case-data.ts";
import { AllSteps } from "./all-steps.tsx";
import { CaseContext } from "./case-context.tsx";
import { pageData, pageRoot } from "./data.ts";
import { Scrubber } from "./scrubber.tsx";
import { StepDetails } from "./step-details.tsx";
import { CaseSummary } from "./summary.tsx";
import { ThemeButton } from "./theme.tsx";
import { Timeline } from "./timeline.tsx";
import { WhereToLook } from "./where-to-look.tsx";

function CasePage({ data }: { readonly data: CaseData }) {
  const { lines } = data.explanation;
  const wrong = lines.findIndex((line) => line.wrong);
  const last = lines.length - 1;
  const [at, setAt] = useState(wrong < 0 ? last : wrong);
  const go = (to: number) => setAt(Math.max(0, Math.min(last, to)));
  useEffect(() => onStepKeys((move) => setAt((now) => moved(now, move, last))), []);
  return (
    <>
      <header class="top">
        <span class="brand">Counterpoint</span>
        <span>counterexample{data.explanation.source === "recorded" ? ", as recorded" : ""}</span>
        <ThemeButton />
      </header>
      <main>
        <CaseSummary data={data} go={go} wrong={wrong} />
        <section aria-labelledby="steps" class="case">
          <h2 id="steps">Step by step</h2>
          <Scrubber lines={lines} at={at} wrong={wrong} go={go} />
          <AllSteps lines={lines} />
          <div class="columns">
            <Timeline data={data} at={at} go={go} />
            <StepDetails data={data} at={at} />
            <WhereToLook data={data} />
          </div>
        </section>
        <CaseContext data={data} go={go} />
      </main>
    </>
  );
}

type Move = "back" | "on" | "first" | "last";

function moved(at: number, move: Move, last: number): number {
  const to = { back: at - 1, on: at + 1, first: 0, last };
  return Math.max(0, Math.min(last, to[move]));
}

const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: "back",
  ArrowRight: "on",
  Home: "first",
  End: "last",
};

/** Arrow keys step wherever the focus is, but for the slider, which has them itself, and what scrolls sideways. */
function onStepKeys(step: (move: Move) => void): () => void {
  const listen = (event: KeyboardEvent) => {
    const move = moves[event.key];
    const isTaken = event.target instanceof Element && event.target.closest("input, pre, .scrolls") !== null;
    if (move === undefined || isTaken || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    event.preventDefault();
    step(move);
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}

render(<CasePage data={pageData() as CaseData} />, pageRoot());
