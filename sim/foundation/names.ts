import { quoteIdentifier } from "../database/quote.ts";

/** A name as a statement writes it: quoted where it must be. */
export const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);

export const inPublic = (name: string): string => `public.${identifier(name)}`;

export const grantee = (name: string): string => (name === "PUBLIC" ? name : identifier(name));
