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

/** The first difference between the model's committed state and the rows, all columns; null when there is none. */
export function stateDifference(state: OutboxState, observed: Observation): Refusal | null {
  return (
    tableDifference("pending", [...state.pending.values()], observed.pending, (row) => row.outboxId) ??
    tableDifference(
      "attempts",
      [...state.attempts.values()].flat(),
      observed.attempts,
      (row) => `${row.outboxId} no ${row.attemptNo}`,
    ) ??
    tableDifference(
      "sequences",
      [...state.sequences].map(([participantId, next]) => ({ participantId, next })),
      observed.sequences,
      (row) => row.participantId,
    ) ??
    tableDifference("policies", [...state.policies.values()], observed.policies, (row) => row.version) ??
    tableDifference(
      "attestations",
      [...state.attestations.values()],
      observed.attestations,
      (row) => row.attestationId,
    ) ??
    tableDifference(
      "revokedCerts",
      [...state.revokedCerts.values()],
      observed.revokedCerts,
      (row) => row.id,
    ) ??
    tableDifference(
      "revokedTokens",
      [...state.revokedTokens.values()],
      observed.revokedTokens,
      (row) => row.id,
    )
  );
}

function tableDifference<R extends object>(
  table: string,
  expected: readonly R[],
  observed: readonly R[],
  nameOf: (row: R) => string,
): Refusal | null {
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
