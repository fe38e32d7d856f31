/** A place before a statement of a function, where a session can be stopped. */
export interface YieldPoint {
  /** From 1, over all functions of a stage: by name, then in the order of their text. */
  readonly number: number;
  /** "claim_outbox_batch", with its schema where that is not public. */
  readonly function: string;
  /** The line that the server's messages name: 1 is that of the body's opening quote. */
  readonly line: number;
  /** The statement in one line, cut short; of one that holds others, its head. */
  readonly statement: string;
}

/** What is put before a statement. An IF and not a PERFORM, which would overwrite FOUND and ROW_COUNT. No line is added,
 *  so the server's line numbers stay. */
export function yieldText(point: number): string {
  return `IF sim.yield(${point}) THEN END IF; `;
}

/** The condition of that IF, as the parser shows it. */
export function yieldCondition(point: number): string {
  return `sim.yield(${point})`;
}
