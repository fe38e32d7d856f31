/** Where a caller can create things: its temporary schema, and a schema of another program that lets everybody. */
export type Place = "pg_temp" | "open";

/** Something that a caller can do before a call, hoping that the function takes its things for the ones it meant. */
export type Preparation =
  | { readonly kind: "set role" }
  | { readonly kind: "search_path"; readonly value: string }
  | { readonly kind: "setting"; readonly name: string; readonly value: string }
  | {
      readonly kind: "setting of the own role";
      readonly where: "everywhere" | "in this database";
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: "table"; readonly place: Place; readonly name: string }
  | { readonly kind: "view"; readonly place: Place; readonly name: string }
  | { readonly kind: "type"; readonly place: Place; readonly name: string }
  | { readonly kind: "function"; readonly place: Place; readonly name: string }
  | { readonly kind: "operator"; readonly name: string; readonly type: string };

/** How the arguments that are texts are written. */
export const argumentForms = ["plain", "domain", "collation", "own type with a cast"] as const;
export type ArgumentForm = (typeof argumentForms)[number];

/** How the call is made. */
export const callings = [
  "plain",
  "prepared",
  "cursor",
  "block",
  "function",
  "function with its owner's rights",
  "view",
  "table as",
  "explain",
] as const;
export type Calling = (typeof callings)[number];

/** All that surrounds the calls of a script. */
export interface Disguise {
  readonly preparations: readonly Preparation[];
  readonly argument: ArgumentForm;
  readonly calling: Calling;
}

export const undisguised: Disguise = { preparations: [], argument: "plain", calling: "plain" };
