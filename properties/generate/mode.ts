/** Which cases are played with something, yield points in the functions or crashes of the server; "mix": a share of them. A
 *  file of its own, which a command's help can load without the generator. */
export const modes = ["always", "never", "mix"] as const;
export type Mode = (typeof modes)[number];
