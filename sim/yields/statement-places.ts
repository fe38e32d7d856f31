import { type SqlToken, tokensOf } from "../database/sql-text.ts";

/** A statement of a PL/pgSQL body, by byte offsets into it. */
export interface StatementPlace {
  /** Of its first byte, its label included. */
  readonly start: number;
  /** After its last byte; of one that holds other statements, after its head (IF ... THEN). */
  readonly end: number;
}

/** The places of a function's statements cannot be told. */
export class NoPlaces extends Error {
  override readonly name = "NoPlaces";
}

/** Finds the statements of a PL/pgSQL body, blocks and branches included, in the order of their text; the outermost block
 *  is none. Needs loadParser() before. Throws NoPlaces, or SqlSyntaxError.
 *
 *  The parser of PL/pgSQL tells lines only, and several statements may share one. The words that make up its structure are
 *  reserved, so they can be followed through the tokens of the server's own scanner as PL/pgSQL itself does: an
 *  expression or an SQL statement goes up to the first closing word outside parentheses. What comes of it is checked
 *  against the parser's tree (same-tree.ts). */
export function statementPlaces(body: string): readonly StatementPlace[] {
  const walk = new Walk(tokensOf(body).filter((token) => !token.kind.endsWith("_COMMENT")));
  walk.body();
  return walk.places;
}

const elses = ["ELSIF", "ELSEIF", "ELSE"] as const;

class Walk {
  readonly places: StatementPlace[] = [];
  private at = 0;

  constructor(private readonly tokens: readonly SqlToken[]) {}

  /** Options (#variable_conflict), then the outermost block. */
  body(): void {
    while (!this.isNext("<<", "DECLARE", "BEGIN")) this.take();
    this.label();
    this.block();
    if (this.at < this.tokens.length) this.expect(";");
    if (this.at < this.tokens.length)
      throw new NoPlaces("its structure is unclear: text after the outermost block");
  }

  /** [DECLARE ...] BEGIN ... [EXCEPTION WHEN ... THEN ...] END [label] */
  private block(): void {
    while (!this.isNext("BEGIN")) {
      if (this.isNext("DECLARE")) this.take();
      else this.skipPast(";");
    }
    this.expect("BEGIN");
    this.statementsUntil("EXCEPTION", "END");
    if (this.isNext("EXCEPTION")) {
      this.take();
      this.branches("WHEN");
    }
    this.expect("END");
    if (this.at < this.tokens.length && !this.isNext(";")) this.take();
  }

  private statementsUntil(...ends: readonly string[]): void {
    while (!this.isNext(...ends)) this.statement();
  }

  private statement(): void {
    const start = this.peek().start;
    const place = this.places.push({ start, end: start }) - 1;
    this.label();
    const first = this.peek();
    const inner = this.head();
    this.places[place] = { start, end: Math.max(endOf(first), this.endOfLast()) };
    inner?.();
  }

  /** Takes what stands before a statement's first inner statement, or the whole of it. */
  private head(): (() => void) | null {
    if (this.isNext("BEGIN", "DECLARE")) {
      return () => {
        this.block();
        this.expect(";");
      };
    }
    if (this.isNext("IF")) {
      this.skipPast("THEN");
      return () => {
        this.conditional();
      };
    }
    if (this.isNext("CASE")) {
      this.take();
      this.skipTo("WHEN");
      return () => {
        this.cases();
      };
    }
    if (this.isNext("LOOP", "WHILE", "FOR", "FOREACH")) {
      this.skipPast("LOOP");
      return () => {
        this.statementsUntil("END");
        this.end("LOOP");
      };
    }
    this.skipPast(";");
    return null;
  }

  private conditional(): void {
    this.statementsUntil(...elses, "END");
    while (this.isNext("ELSIF", "ELSEIF")) {
      this.skipPast("THEN");
      this.statementsUntil(...elses, "END");
    }
    this.otherwise();
    this.end("IF");
  }

  private cases(): void {
    this.branches("WHEN");
    this.otherwise();
    this.end("CASE");
  }

  /** WHEN ... THEN statements, as often as it comes: of a CASE, and of exception handlers. */
  private branches(when: string): void {
    while (this.isNext(when)) {
      this.skipPast("THEN");
      this.statementsUntil(when, "ELSE", "END");
    }
  }

  private otherwise(): void {
    if (!this.isNext("ELSE")) return;
    this.take();
    this.statementsUntil("END");
  }

  /** END IF; END CASE; END LOOP [label]; */
  private end(of: string): void {
    this.expect("END");
    this.expect(of);
    this.skipPast(";");
  }

  private label(): void {
    if (this.isNext("<<")) this.skipPast(">>");
  }

  private skipPast(word: string): void {
    this.skipTo(word);
    this.take();
  }

  /** To the first such word outside parentheses and brackets. */
  private skipTo(word: string): void {
    for (let depth = 0; depth > 0 || !this.isNext(word);) {
      const { text } = this.take();
      if (text === "(" || text === "[") depth += 1;
      if (text === ")" || text === "]") depth -= 1;
    }
  }

  private expect(word: string): void {
    if (!this.isNext(word))
      throw new NoPlaces(`its structure is unclear: ${this.peek().text} in place of ${word}`);
    this.take();
  }

  private isNext(...words: readonly string[]): boolean {
    return words.includes(wordOf(this.peek()));
  }

  private take(): SqlToken {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private peek(): SqlToken {
    const token = this.tokens[this.at];
    if (token === undefined) throw new NoPlaces("its structure is unclear: it ends too early");
    return token;
  }

  private endOfLast(): number {
    const token = this.tokens[this.at - 1];
    return token === undefined ? 0 : endOf(token);
  }
}

function endOf({ start, text }: SqlToken): number {
  return start + Buffer.byteLength(text);
}

/** A name in quotes is no keyword, and keeps its quotes here. */
function wordOf({ text }: SqlToken): string {
  return text.toUpperCase();
}
