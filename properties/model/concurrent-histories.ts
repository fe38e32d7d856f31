import type { SequentialModel, TimedPoint } from "../../model/sequential-model.ts";

/** A model, and what can be asked of it: an operation with the answer that it gets in a state. */
export interface Subject<S, P> {
  readonly model: SequentialModel<S, P>;
  readonly answered: (state: S, chance: () => number, number: number) => P;
}

export interface Access {
  readonly kind: "put" | "get";
  readonly key: string;
  readonly value: number;
}

type Stored = ReadonlyMap<string, number>;

/** A key-value store, judged key by key. */
export function store(keys: number): Subject<Stored, Access> {
  return {
    model: {
      initial: new Map(),
      next: (state, { kind, key, value }) => {
        if (kind === "put") return { states: [new Map(state).set(key, value)] };
        const stored = state.get(key) ?? 0;
        if (stored === value) return { states: [state] };
        return { refusal: { rule: "a get returns the last put", expected: [String(stored)] } };
      },
      key: (state) => JSON.stringify([...state].sort()),
      split: ({ key }) => key,
    },
    answered: (state, chance, number) => {
      const key = `k${Math.floor(chance() * keys)}`;
      if (chance() < 0.5) return { kind: "put", key, value: number + 1 };
      return { kind: "get", key, value: state.get(key) ?? 0 };
    },
  };
}

/** One key of it, which is not split. */
export const register: SequentialModel<Stored, Access> = { ...store(1).model, split: () => "" };

export interface Work {
  readonly kind: "add" | "claim" | "complete";
  /** A claim that finds nothing has none. */
  readonly row: number | null;
}

interface Rows {
  /** How many there have been. */
  readonly added: number;
  readonly due: readonly number[];
  readonly leased: readonly number[];
}

/** As an outbox numbers its rows, and gives them away: the first one due, to one worker only. */
export const claims: Subject<Rows, Work> = {
  model: {
    initial: { added: 0, due: [], leased: [] },
    next: ({ added, due, leased }, { kind, row }) => {
      const refusal = { rule: `${kind}: another row`, expected: [String(due[0] ?? null)] };
      if (kind === "add")
        return row === added ? { states: [{ added: added + 1, due: [...due, row], leased }] } : { refusal };
      if (kind === "claim") {
        if ((due[0] ?? null) !== row) return { refusal };
        const [rest, given] = row === null ? [due, leased] : [due.slice(1), [...leased, row]];
        return { states: [{ added, due: rest, leased: given }] };
      }
      if (row === null || !leased.includes(row)) return { refusal };
      return { states: [{ added, due, leased: leased.filter((each) => each !== row) }] };
    },
    key: ({ added, due, leased }) => `${added} ${due.join()} ${leased.toSorted((a, b) => a - b).join()}`,
  },
  answered: ({ added, due, leased }, chance) => {
    const [row] = leased;
    if (row !== undefined && chance() < 0.35) return { kind: "complete", row };
    return chance() < 0.5 ? { kind: "add", row: added } : { kind: "claim", row: due[0] ?? null };
  },
};

/** A valid history: sessions that ask at the same time, each one thing at a time; an operation takes effect between its
 *  invocation and its response, in an order that only the answers tell. What is preferred is the order of responses. */
export function playedBy<S, P>(
  { sessions, operations }: { readonly sessions: number; readonly operations: number },
  { model, answered }: Subject<S, P>,
  chance: () => number,
): readonly TimedPoint<P>[] {
  const points: TimedPoint<P>[] = [];
  const open = new Map<number, { readonly invokedAt: number; point: P | null }>();
  let state = model.initial;
  let time = 0;
  for (let begun = 0; begun < operations || open.size > 0; time += 1) {
    const session = Math.floor(chance() * sessions);
    const call = open.get(session);
    if (call === undefined) {
      if (begun === operations) continue;
      open.set(session, { invokedAt: time, point: null });
      begun += 1;
    } else if (call.point === null) {
      call.point = answered(state, chance, points.length * sessions + session);
      const next = model.next(state, call.point);
      if ("states" in next) [state = state] = next.states;
    } else {
      const { invokedAt, point } = call;
      points.push({ point, invokedAt, respondedAt: time, preferredAt: time, after: [] });
      open.delete(session);
    }
  }
  return points;
}
