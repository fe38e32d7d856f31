import type { SqlPart } from "../case-data.ts";

/** SQL in colours. */
export function SqlParts({ parts }: { readonly parts: readonly SqlPart[] }) {
  return (
    <>
      {parts.map(({ kind, text }, index) => (
        <span key={index} class={kind}>
          {text}
        </span>
      ))}
    </>
  );
}
