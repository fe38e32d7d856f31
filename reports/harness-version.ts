import manifest from "../package.json" with { type: "json" };

/** The version of this harness, for what it writes. */
export const harnessVersion: string = manifest.version;
