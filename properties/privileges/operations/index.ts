import type { Subject } from "../subject.ts";
import { onDatabase } from "./database.ts";
import { onFunction } from "./function.ts";
import type { Operation } from "./operation.ts";
import { onSchema, onSequence, onType } from "./others.ts";
import { onTable } from "./table.ts";

/** Everything that is tried with one object. */
export function operationsOn(
  subject: Subject,
  server: { readonly majorVersion: number; readonly superuser: string },
): readonly Operation[] {
  switch (subject.kind) {
    case "table":
      return onTable(subject, server.majorVersion);
    case "function":
      return onFunction(subject);
    case "type":
      return onType(subject);
    case "sequence":
      return onSequence(subject);
    case "schema":
      return onSchema();
    case "database":
      return onDatabase(subject, server.superuser);
  }
}
