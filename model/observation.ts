import { refuse, type Refusal } from "./judgement.ts";
import {
  type Attestation,
  type AttemptRow,
  anyText,
  type OutboxState,
  type PendingRow,
  type PolicyVersion,
  type Revocation,
} from "./state.ts";

/** The committed rows as the database holds them at a quiet point: refinement's left side. */
export interface Observation {
  readonly pending: readonly PendingRow[];
  readonly attempts: readonly AttemptRow[];
  readonly sequences: readonly { readonly participantId: string; readonly next: number }[];
  readonly policies: readonly PolicyVersion[];
  readonly attestations: readonly Attestation[];
  readonly revokedCerts: readonly Revocation[];
  readonly revokedTokens: readonly Revocation[];
}

/** What an empty database shows. */
export const nothingObserved: Observation = {
  pending: [],
  attempts: [],
  sequences: [],
  policies: [],
  attestations: [],
  revokedCerts: [],
  revokedTokens: [],
};

type Row = Readonly<Record<string, unknown>>;

export type TableName = keyof Observation;

/** A table as the model's state holds it. */
interface Table<R> {
  rows(state: OutboxState): readonly R[];
  /** What tells its rows apart. */
  nameOf(row: R): string;
}

/** In the order in which they are compared. */
const tables: { readonly [T in TableName]: Table<Observation[T][number]> } = {
  pending: { rows: (state) => [...state.pending.values()], nameOf: (row) => row.outboxId },
  attempts: {
    rows: (state) => [...state.attempts.values()].flat(),
    nameOf: (row) => `${row.outboxId} no ${row.attemptNo}`,
  },
  sequences: {
    rows: (state) => [...state.sequences].map(([participantId, next]) => ({ participantId, next })),
    nameOf: (row) => row.participantId,
  },
  policies: { rows: (state) => [...state.policies.values()], nameOf: (row) => row.version },
  attestations: { rows: (state) => [...state.attestations.values()], nameOf: (row) => row.attestationId },
  revokedCerts: { rows: (state) => [...state.revokedCerts.values()], nameOf: (row) => row.id },
  revokedTokens: { rows: (state) => [...state.revokedTokens.values()], nameOf: (row) => row.id },
};

export const tableNames = Object.keys(tables) as readonly TableName[];

/** The rows that the state's tables must have. */
export function expectedRows(state: OutboxState, table: TableName): readonly object[] {
  const each: Table<object> = tables[table];
  return each.rows(state);
}

/** The row's name, which no other row of its table has. */
export function rowName(table: TableName, row: object): string {
  const each: Table<object> = tables[table];
  return each.nameOf(row);
}

/** The first difference between the model's committed state and the rows, all columns; null when there is none. */
export function stateDifference(state: OutboxState, observed: Observation): Refusal | null {
  for (const table of tableNames) {
    const difference = tableDifference(table, expectedRows(state, table), observed[table]);
    if (difference !== null) return difference;
  }
  return null;
}

function tableDifference(
  table: TableName,
  expected: readonly object[],
  observed: readonly object[],
): Refusal | null {
  const nameOf = (row: object): string => rowName(table, row);
  const found = new Map(observed.map((row) => [nameOf(row), row]));
  for (const row of expected) {
    const name = nameOf(row);
    const other = found.get(name);
    if (other === undefined) return refuse(`a row of ${table} is missing`, describe(name, row));
    const column = differingColumn(row as Row, other as Row);
    if (column !== null) return refuse(`${table}.${column} differs`, describe(name, row));
    found.delete(name);
  }
  const [stranger] = found.keys();
  if (stranger !== undefined) return refuse(`${table} has a row too many`, `no row ${stranger}`);
  return observed.length > expected.length ? refuse(`${table} has a row twice`, "one row each") : null;
}

function differingColumn(expected: Row, observed: Row): string | null {
  for (const [column, value] of Object.entries(expected)) {
    if (value !== anyText && value !== observed[column]) return column;
  }
  return null;
}

function describe(name: string, row: object): string {
  return `${name}: ${JSON.stringify(row)}`;
}
