/** "12,345" */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** How a count is shaded, 0 to 5: by its order of magnitude against the greatest. */
export function heatOf(count: number, greatest: number): number {
  if (count <= 0 || greatest <= 0) return 0;
  // In this order: five times a logarithm, divided by that, may be a little more than 5.
  const share = Math.log1p(count) / Math.log1p(greatest);
  return Math.max(1, Math.ceil(5 * share));
}
