import { useEffect, useRef } from "preact/hooks";
import type { FunctionText } from "../campaign-data.ts";
import { SqlParts } from "./sql-parts.tsx";

/** What is said beside a line. */
export interface LineMark {
  readonly text: string;
  readonly kind: "missed" | "unreachable" | "reached" | "stood";
}

interface Props {
  readonly text: FunctionText;
  /** Number of the body's first line. */
  readonly from: number;
  /** Of the line with that index. */
  readonly marksOf: (index: number) => readonly LineMark[];
}

/** A function's body with the numbers of its lines, and marks beside them. */
export function FunctionLines({ text, from, marksOf }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>(".stood");
    if (box.current === null || line == null) return;
    box.current.scrollTop = line.offsetTop - box.current.offsetTop - box.current.clientHeight / 2;
  }, []);
  return (
    <div class="function scrolls" ref={box} tabIndex={0} role="region" aria-label={`Text of ${text.name}`}>
      <ol class="body sql" start={from}>
        {text.lines.map((parts, index) => {
          const marks = marksOf(index);
          return (
            <li key={index} class={marks[0]?.kind ?? ""}>
              <code>
                <SqlParts parts={parts} />
              </code>
              {marks.map((mark, place) => (
                <span key={place} class="mark">
                  {mark.text}
                </span>
              ))}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
