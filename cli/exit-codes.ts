/** What the process ends with. A run that a signal ended early, and that found nothing, ends with 128 + its number. */
export const exitCodes = { ok: 0, violated: 1, badInput: 2, environmentFault: 3, unknown: 4 } as const;

export const exitCodesHelp = `
Exit codes: 0 ok, 1 violated, 2 bad usage or input, 3 the environment is at fault, 4 unknown.`;
