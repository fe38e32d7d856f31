/** Which cases are played with yield points in the functions; "mix": a share of them. A file of its own, which a command's
 *  help can load without the generator. */
export const yieldsModes = ["always", "never", "mix"] as const;
export type YieldsMode = (typeof yieldsModes)[number];
