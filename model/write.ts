import type {
  Attestation,
  AttemptRow,
  KeyEntry,
  OutboxState,
  PendingRow,
  PolicyVersion,
  Revocation,
} from "./state.ts";

/** One effect of an operation, as its transaction holds it until commit. */
export type Write =
  | { readonly table: "pending"; readonly id: string; readonly row: PendingRow | null }
  | { readonly table: "attempts"; readonly id: string; readonly row: AttemptRow }
  | { readonly table: "sequences"; readonly id: string; readonly next: number }
  | { readonly table: "keys"; readonly id: string; readonly entry: KeyEntry }
  | { readonly table: "policies"; readonly id: string; readonly row: PolicyVersion }
  | { readonly table: "activePolicy"; readonly id: string; readonly version: string | null }
  | { readonly table: "attestations"; readonly id: string; readonly row: Attestation }
  | { readonly table: "revokedCerts" | "revokedTokens"; readonly id: string; readonly row: Revocation };

/** Names what a write locks until its transaction ends. */
export interface Resource {
  readonly table: Write["table"];
  readonly id: string;
}

/** A resource as one text, for sets. */
export function resourceName({ table, id }: Resource): string {
  return `${table}/${id}`;
}

/** The resource's present entry; two states hold the same version of it exactly if these are identical. */
export function versionOf(state: OutboxState, { table, id }: Resource): unknown {
  return state[table].get(id);
}

/** The state after the writes, in their order. */
export function applyWrites(state: OutboxState, writes: readonly Write[]): OutboxState {
  return writes.reduce(applyWrite, state);
}

function applyWrite(state: OutboxState, write: Write): OutboxState {
  switch (write.table) {
    case "pending":
      return { ...state, pending: withEntry(state.pending, write.id, write.row) };
    case "attempts": {
      const rows = [...(state.attempts.get(write.id) ?? []), write.row];
      return { ...state, attempts: withEntry(state.attempts, write.id, rows) };
    }
    case "sequences":
      return { ...state, sequences: withEntry(state.sequences, write.id, write.next) };
    case "keys":
      return { ...state, keys: withEntry(state.keys, write.id, write.entry) };
    case "policies":
      return { ...state, policies: withEntry(state.policies, write.id, write.row) };
    case "activePolicy":
      return { ...state, activePolicy: withEntry(state.activePolicy, write.id, write.version) };
    case "attestations":
      return { ...state, attestations: withEntry(state.attestations, write.id, write.row) };
    case "revokedCerts":
    case "revokedTokens":
      return { ...state, [write.table]: withEntry(state[write.table], write.id, write.row) };
  }
}

function withEntry<V>(map: ReadonlyMap<string, V>, id: string, value: V | null): ReadonlyMap<string, V> {
  const copy = new Map(map);
  if (value === null) copy.delete(id);
  else copy.set(id, value);
  return copy;
}
