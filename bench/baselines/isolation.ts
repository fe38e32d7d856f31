import { readdirSync, readFileSync } from "node:fs";
import {
  runIsolationtester,
  type Tested,
  withMigrated,
} from "../../reports/exports/testing/isolationtester.ts";
import { onDatabase } from "../../sim/database/own-database.ts";
import type { EmbeddedServer } from "../../sim/database/embedded/provider.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import { type Play, playUntilFound, type Subject, type Way } from "./way.ts";

/** A spec's text by its name. */
type Specs = ReadonlyMap<string, string>;

const folder = new URL("specs/", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const ground = read("ground.sql");
const specs: Specs = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith(".spec"))
    .sort()
    .map((file) => [file, read(file)]),
);

/** A step that waits for longer is given up, and the output says so. */
const stepSeconds = 5;

/** PostgreSQL's isolationtester over specs that were written by hand, without a permutation of theirs, so that it plays all.
 *  What it prints on our own migrations is expected: recorded when it is first wanted, not counted. */
export function isolationtesterWay(own: readonly Migration[]): Way {
  let recorded: Promise<ReadonlyMap<string, string>> | null = null;
  return {
    id: "isolationtester",
    counts: "permutations",
    find: async (subject, search) => {
      recorded ??= recordExpected(subject.server, own);
      const expected = await recorded;
      const { secondsNow } = search;
      return onGround(subject, (database) => {
        const start = secondsNow();
        return playUntilFound(search, start, (index) => playSpec(subject.server, database, expected, index));
      });
    },
  };
}

/** What is printed of each spec on these migrations. Throws where one was not played to its end. */
export function recordExpected(
  server: EmbeddedServer,
  migrations: readonly Migration[],
): Promise<ReadonlyMap<string, string>> {
  return onGround({ server, migrations }, async (database) => {
    const expected = new Map<string, string>();
    for (const [name, spec] of specs) {
      const tested = await runIsolationtester(server, database, spec, stepSeconds);
      if (tested.code !== 0 || tested.stderr !== "") throw new Error(`${name}: ${tested.stderr}`);
      expected.set(name, printed(tested));
    }
    return expected;
  });
}

function onGround<T>(
  { server, migrations }: Pick<Subject, "server" | "migrations">,
  action: (database: string) => Promise<T>,
): Promise<T> {
  return withMigrated(server, migrations, async (database) => {
    await onDatabase(database, (connection) => connection.run(ground));
    return action(database.name);
  });
}

/** The specs in turn, again and again. */
async function playSpec(
  server: EmbeddedServer,
  database: string,
  expected: ReadonlyMap<string, string>,
  index: number,
): Promise<Play> {
  const [name = "", spec = ""] = [...specs][index % specs.size] ?? [];
  const tested = await runIsolationtester(server, database, spec, stepSeconds);
  const count = tested.stdout.split("\nstarting permutation: ").length - 1;
  if (tested.code === null) return { signature: null, count, unknown: true };
  return { signature: printed(tested) === expected.get(name) ? null : name, count, unknown: false };
}

function printed({ stdout, stderr, code }: Tested): string {
  return `${stdout}${stderr}${code ?? "ended"}`;
}
