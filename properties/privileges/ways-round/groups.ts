import type { Disguise, Place, Preparation } from "./disguise.ts";
import { argumentForms, callings, undisguised } from "./disguise.ts";
import { searchPaths, settings } from "./settings.ts";
import { shadowFunctions, shadowOperators, shadowTables, shadowTypes, shadowViews } from "./shadows.ts";

const named = (
  kind: "table" | "view" | "type" | "function",
  place: Place,
  names: readonly string[],
): readonly Preparation[] => names.map((name) => ({ kind, place, name }));

const tables = (place: Place) => named("table", place, shadowTables);
const views = (place: Place) => named("view", place, Object.keys(shadowViews));
const types = (place: Place) => named("type", place, shadowTypes);
const functions = (place: Place) => named("function", place, Object.keys(shadowFunctions));
const operators = Object.entries(shadowOperators).flatMap(([name, types]) =>
  types.map((type): Preparation => ({ kind: "operator", name, type })),
);
const paths = searchPaths.map((value): Preparation => ({ kind: "search_path", value }));

/** The value at an index of every setting that has so many. */
const settingsAt = (index: number): readonly Preparation[] =>
  Object.entries(settings).flatMap(([name, values]): readonly Preparation[] => {
    const value = values[index];
    return value === undefined ? [] : [{ kind: "setting", name, value }];
  });
const values = Object.values(settings).map(({ length }) => length);

const ownSettings = (["everywhere", "in this database"] as const).map((where): Preparation => ({
  kind: "setting of the own role",
  where,
  name: "symphony.outbox_retry_ceiling",
  value: "1000",
}));

/** Every preparation that is known, in groups that do not stand in each other's way. */
const groups: readonly (readonly Preparation[])[] = [
  [{ kind: "set role" }],
  ...Array.from({ length: Math.max(...values) }, (_, index) => settingsAt(index)),
  ownSettings,
  [...tables("pg_temp"), ...views("pg_temp")],
  types("pg_temp"),
  functions("pg_temp"),
  // In the open schema only a search_path makes them known, and a name can be taken there once.
  ...paths.map((path) => [...functions("open"), ...operators, path]),
  ...paths.map((path) => [...tables("open"), ...views("open"), path]),
  ...paths.map((path) => [...types("open"), path]),
];

/** Each way round at least once, many at a time where they do not disturb each other. */
export const everyWay: readonly Disguise[] = [
  ...argumentForms.map((argument) => ({ ...undisguised, argument })),
  ...callings.map((calling) => ({ ...undisguised, calling })),
  ...groups.map((preparations) => ({ ...undisguised, preparations })),
];

/** What random preparations are chosen from, by kind. */
export const preparationsByKind: readonly (readonly Preparation[])[] = [
  [{ kind: "set role" }],
  Object.entries(settings).flatMap(([name, of]) =>
    of.map((value): Preparation => ({ kind: "setting", name, value })),
  ),
  ownSettings,
  [...tables("pg_temp"), ...tables("open")],
  [...views("pg_temp"), ...views("open")],
  [...types("pg_temp"), ...types("open")],
  [...functions("pg_temp"), ...functions("open")],
  operators,
];
export const searchPathPreparations = paths;
